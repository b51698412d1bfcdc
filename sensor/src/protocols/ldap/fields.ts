// What an `ldap` record says of a request with its responses.
import { describe } from '../describe.ts';
import { loginFields } from '../gssapi.ts';
import type { Field, Value } from '../protocol.ts';
import {
  ADD,
  BIND,
  COMPARE,
  DELETE,
  EXTENDED,
  EXTENDED_RESPONSE,
  type Exchange,
  isSimple,
  MODIFY,
  MODIFY_DN,
  type Request,
  type Response,
  SEARCH,
  SEARCH_ENTRY,
} from './message.ts';
import { changeName, operationName, resultName } from './names.ts';

const { text, number, flag } = describe<Exchange>('ldap');
/** The peer writes it as it likes. */
const free = (field: Field<Exchange>): Field<Exchange> => ({ ...field, isFree: true });
const content = { class: 'content' } as const;

/** Of requests of one kind. */
const of =
  (operation: number, get: (request: Request) => Value) =>
  ({ request }: Exchange): Value =>
    request?.operation === operation ? get(request) : undefined;

const column =
  (get: (response: Response) => string | number | undefined) =>
  ({ responses }: Exchange): Value =>
    responses.length === 0 ? undefined : responses.map(get);

/** Operations whose response is a result: their number + 1, or the search's last word. */
const RESULTS = [1, 5, 7, 9, 11, 13, 15, EXTENDED_RESPONSE];

function resultFields(operation: number): Field<Exchange>[] {
  const name = operationName(operation);
  const result = (get: (response: Response) => string | undefined) =>
    column((response) => (response.operation === operation ? get(response) : undefined));
  return [
    text(
      `responses[].${name}.result_code`,
      `Result in a ${name}.`,
      result((r) => (r.result === undefined ? undefined : resultName(r.result))),
    ),
    text(
      `responses[].${name}.matched_dn`,
      `Nearest entry that was found, in a ${name}.`,
      result((r) => r.matched),
      content,
    ),
    text(
      `responses[].${name}.message`,
      `What the server says in a ${name}.`,
      result((r) => r.message),
      content,
    ),
  ];
}

export const ldapFields: readonly Field<Exchange>[] = [
  number('request.message_id', 'Number of the request.', (e) => e.request?.id, { aliases: ['message_id'] }),
  text(
    'request.operation',
    'What is asked.',
    (e) => (e.request === undefined ? undefined : operationName(e.request.operation)),
    {
      aliases: ['opcode'],
    },
  ),
  number(
    'request.bind_request.version',
    'Version of the protocol.',
    of(BIND, (r) => r.version),
    { aliases: ['version'] },
  ),
  text(
    'request.bind_request.name',
    'Who logs in.',
    of(BIND, (r) => r.name),
    { class: 'identifier', aliases: ['object'] },
  ),
  text(
    'request.bind_request.authentication',
    'simple, anonymous (simple with an empty password), sicily or SASL.',
    of(BIND, (r) =>
      r.mechanism === undefined || isSimple(r.mechanism) || r.mechanism === 'sicily' ? r.mechanism : 'SASL',
    ),
  ),
  free(
    text(
      'request.bind_request.sasl.mechanism',
      'SASL mechanism.',
      of(BIND, (r) => (isSimple(r.mechanism) || r.mechanism === 'sicily' ? undefined : r.mechanism)),
    ),
  ),
  text(
    'request.search_request.base_object',
    'Where the search begins.',
    of(SEARCH, (r) => r.name),
    {
      ...content,
      aliases: ['base_object'],
    },
  ),
  number(
    'request.search_request.scope',
    '0 the entry, 1 one level, 2 the whole tree.',
    of(SEARCH, (r) => r.scope),
    { aliases: ['scope'] },
  ),
  number(
    'request.search_request.deref_alias',
    'When aliases are followed; 0 is never.',
    of(SEARCH, (r) => r.deref),
    {
      aliases: ['deref_aliases'],
    },
  ),
  number(
    'request.search_request.size_limit',
    'Entries that are wanted at most; 0 is all.',
    of(SEARCH, (r) => r.sizeLimit),
  ),
  number(
    'request.search_request.time_limit',
    'Seconds that it may take; 0 is any.',
    of(SEARCH, (r) => r.timeLimit),
  ),
  flag(
    'request.search_request.types_only',
    'Only names of attributes are wanted.',
    of(SEARCH, (r) => r.typesOnly),
  ),
  text(
    'request.search_request.filter.type',
    'Kind of the outermost filter.',
    of(SEARCH, (r) => r.filter?.type),
  ),
  text(
    'request.search_request.filter.value',
    'The filter; of present the attribute alone.',
    of(SEARCH, (r) => r.filter?.value),
    {
      ...content,
      aliases: ['filter', 'SearchFilter'],
    },
  ),
  text(
    'request.search_request.attributes',
    'Attributes that are wanted.',
    of(SEARCH, (r) => r.attributes),
    {
      ...content,
      aliases: ['attributes', 'AttributeList'],
    },
  ),
  text(
    'request.modify_request.object',
    'Entry that is changed.',
    of(MODIFY, (r) => r.name),
    content,
  ),
  text(
    'request.modify_request.changes[].operation',
    'How an attribute is changed.',
    of(MODIFY, (r) => r.changes?.map(changeName)),
  ),
  text(
    'request.modify_request.changes[].modification.attribute_type',
    'Which one.',
    of(MODIFY, (r) => r.attributes),
    content,
  ),
  text(
    'request.add_request.entry',
    'Entry that is added.',
    of(ADD, (r) => r.name),
    content,
  ),
  text(
    'request.add_request.attributes[].name',
    'An attribute of it.',
    of(ADD, (r) => r.attributes),
    content,
  ),
  text(
    'request.del_request.dn',
    'Entry that is deleted.',
    of(DELETE, (r) => r.name),
    content,
  ),
  text(
    'request.mod_dn_request.entry',
    'Entry that is renamed.',
    of(MODIFY_DN, (r) => r.name),
    content,
  ),
  text(
    'request.mod_dn_request.new_rdn',
    'Its new name.',
    of(MODIFY_DN, (r) => r.newName),
    content,
  ),
  flag(
    'request.mod_dn_request.delete_old_rdn',
    'The old name goes.',
    of(MODIFY_DN, (r) => r.deleteOld),
  ),
  text(
    'request.mod_dn_request.new_superior',
    'Entry that it goes under.',
    of(MODIFY_DN, (r) => r.newSuperior),
    content,
  ),
  text(
    'request.compare_request.entry',
    'Entry that is compared.',
    of(COMPARE, (r) => r.name),
    content,
  ),
  text(
    'request.compare_request.attribute_value_assertion.description',
    'Attribute that is compared.',
    of(COMPARE, (r) => r.attributes?.[0]),
    content,
  ),
  free(
    text(
      'request.extended_request.name',
      'Extended operation, an object identifier.',
      of(EXTENDED, (r) => r.name),
    ),
  ),
  text(
    'responses[].operation',
    'Kind of a response.',
    column((r) => operationName(r.operation)),
  ),
  number('responses[].message_id', 'Its number, when the request was not seen.', (e) =>
    e.request !== undefined ? undefined : column((r) => r.id)(e),
  ),
  text(
    'responses[].search_result_entry.base_object',
    'Entry that was found.',
    column((r) => (r.operation === SEARCH_ENTRY ? r.name : undefined)),
    content,
  ),
  ...RESULTS.flatMap(resultFields),
  free(
    text(
      'responses[].extended_response.name',
      'Extended operation that is answered.',
      column((r) => (r.operation === EXTENDED_RESPONSE ? r.name : undefined)),
    ),
  ),
  text(
    'result',
    'Result of the operation.',
    (e) => {
      const last = e.responses.at(-1)?.result;
      return last === undefined ? undefined : resultName(last);
    },
    { aliases: ['result'] },
  ),
  number(
    'result_count',
    'Entries that a search found.',
    (e) => (e.request?.operation === SEARCH ? e.entries : undefined),
    {
      class: 'flow',
      aliases: ['result_count'],
    },
  ),
  ...loginFields<Exchange>('ldap', (e) => e.login),
];
