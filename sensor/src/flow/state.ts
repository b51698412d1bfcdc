// Where a conversation stands, and what a packet means for it.

export const NEW = 0;
export const ESTABLISHED = 1;
export const CLOSED = 2;

/** What a packet meant for its flow: bits of `FlowTable.news`. */
export const OPENED = 1;
export const ANSWERED = 2;
export const REFUSED = 4;
