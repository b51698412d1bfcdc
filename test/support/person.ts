// A person with a browser's cookie, for tests of the aggregator's API.
export interface Reply<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export class Person {
  readonly web: string;
  readonly cookie: string;

  constructor(web: string, cookie: string) {
    this.web = web;
    this.cookie = cookie;
  }

  /** @param link path of a one-time log-in link */
  static async logIn(web: string, link: string): Promise<Person> {
    const response = await fetch(web + link, { redirect: 'manual' });
    const cookie = response.headers.get('set-cookie')?.split(';', 1)[0];
    if (response.status !== 303 || cookie === undefined)
      throw new Error(`log-in answered ${response.status}`);
    return new Person(web, cookie);
  }

  async ask<T = Record<string, unknown>>(path: string, init: RequestInit = {}): Promise<Reply<T>> {
    const response = await fetch(this.web + path, {
      ...init,
      headers: { cookie: this.cookie, ...init.headers },
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  change<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> {
    const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.ask(path, {
      method,
      headers: { 'x-yagura-csrf': '1', ...content, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
