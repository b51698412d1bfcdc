// Services of OPC UA (part 6, binary encoding ids of part 4's services), what they do, and how they end.

/** Name, id of the request, id of the response. */
const SERVICES: readonly (readonly [string, number, number])[] = [
  ['TestStack', 410, 413],
  ['TestStackEx', 416, 419],
  ['FindServers', 422, 425],
  ['GetEndpoints', 428, 431],
  ['RegisterServer', 437, 440],
  ['OpenSecureChannel', 446, 449],
  ['CloseSecureChannel', 452, 455],
  ['CreateSession', 461, 464],
  ['ActivateSession', 467, 470],
  ['CloseSession', 473, 476],
  ['Cancel', 479, 482],
  ['AddNodes', 488, 491],
  ['AddReferences', 494, 497],
  ['DeleteNodes', 500, 503],
  ['DeleteReferences', 506, 509],
  ['Browse', 527, 530],
  ['BrowseNext', 533, 536],
  ['TranslateBrowsePathsToNodeIds', 554, 557],
  ['RegisterNodes', 560, 563],
  ['UnregisterNodes', 566, 569],
  ['QueryFirst', 615, 618],
  ['QueryNext', 621, 624],
  ['Read', 631, 634],
  ['HistoryRead', 664, 667],
  ['Write', 673, 676],
  ['HistoryUpdate', 700, 703],
  ['Call', 712, 715],
  ['CreateMonitoredItems', 751, 754],
  ['ModifyMonitoredItems', 763, 766],
  ['SetMonitoringMode', 769, 772],
  ['SetTriggering', 775, 778],
  ['DeleteMonitoredItems', 781, 784],
  ['CreateSubscription', 787, 790],
  ['ModifySubscription', 793, 796],
  ['SetPublishingMode', 799, 802],
  ['Publish', 826, 829],
  ['Republish', 832, 835],
  ['TransferSubscriptions', 841, 844],
  ['DeleteSubscriptions', 847, 850],
  ['FindServersOnNetwork', 12208, 12209],
  ['RegisterServer2', 12211, 12212],
];
const FAULT = 397;

export interface Service {
  readonly name: string;
  readonly isResponse: boolean;
}
const byId = new Map<number, Service>([[FAULT, { name: 'ServiceFault', isResponse: true }]]);
for (const [name, request, response] of SERVICES) {
  byId.set(request, { name, isResponse: false });
  byId.set(response, { name, isResponse: true });
}
export const serviceOf = (id: number): Service | undefined => byId.get(id);

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/^(Write|HistoryUpdate)$/, 'write'],
  [/^Call$/, 'control'],
  [/^(Add|Delete)(Nodes|References)$/, 'configure'],
  [/^(Read|HistoryRead|Query)/, 'read'],
  [/^(Browse|Translate|FindServers|GetEndpoints|RegisterServer|RegisterNodes|UnregisterNodes)/, 'discover'],
  [/Session$/, 'session'],
  [/SecureChannel$/, 'connect'],
  [/Subscription|Monitor|Publish|Trigger/, 'subscribe'],
];
export const effectOf = (name: string): string =>
  EFFECTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

/** Status codes (part 6, annex A.2) that matter to a watcher; the low half carries details. */
const STATUS: Readonly<Record<number, string>> = {
  0: 'Good',
  32769: 'BadUnexpectedError',
  32770: 'BadInternalError',
  32771: 'BadOutOfMemory',
  32773: 'BadCommunicationError',
  32774: 'BadEncodingError',
  32775: 'BadDecodingError',
  32776: 'BadEncodingLimitsExceeded',
  32778: 'BadTimeout',
  32779: 'BadServiceUnsupported',
  32781: 'BadServerNotConnected',
  32784: 'BadTooManyOperations',
  32786: 'BadCertificateInvalid',
  32787: 'BadSecurityChecksFailed',
  32788: 'BadCertificateTimeInvalid',
  32790: 'BadCertificateHostNameInvalid',
  32791: 'BadCertificateUriInvalid',
  32794: 'BadCertificateUntrusted',
  32797: 'BadCertificateRevoked',
  32799: 'BadUserAccessDenied',
  32800: 'BadIdentityTokenInvalid',
  32801: 'BadIdentityTokenRejected',
  32802: 'BadSecureChannelIdInvalid',
  32805: 'BadSessionIdInvalid',
  32806: 'BadSessionClosed',
  32807: 'BadSessionNotActivated',
  32819: 'BadNodeIdInvalid',
  32820: 'BadNodeIdUnknown',
  32826: 'BadNotReadable',
  32827: 'BadNotWritable',
  32852: 'BadSecurityModeRejected',
  32853: 'BadSecurityPolicyRejected',
  32854: 'BadTooManySessions',
  32855: 'BadUserSignatureInvalid',
  32888: 'BadTooManyPublishRequests',
  32889: 'BadNoSubscription',
  32893: 'BadTcpServerTooBusy',
  32894: 'BadTcpMessageTypeInvalid',
  32895: 'BadTcpSecureChannelUnknown',
  32896: 'BadTcpMessageTooLarge',
  32897: 'BadTcpNotEnoughResources',
  32898: 'BadTcpInternalError',
  32899: 'BadTcpEndpointUrlInvalid',
  32902: 'BadSecureChannelClosed',
  32940: 'BadConnectionRejected',
};
export const statusName = (code: number): string =>
  STATUS[code >>> 16] ?? `0x${code.toString(16).padStart(8, '0')}`;

const MODES = ['Invalid', 'None', 'Sign', 'SignAndEncrypt'];
export const modeName = (mode: number): string => MODES[mode] ?? `unknown-${mode}`;
const REQUESTS = ['Issue', 'Renew'];
export const requestName = (kind: number): string => REQUESTS[kind] ?? `unknown-${kind}`;

/** Ids of the binary forms of who a user says he is. */
const TOKENS: Readonly<Record<number, string>> = {
  321: 'Anonymous',
  324: 'UserName',
  327: 'X509',
  940: 'Issued',
};
export const USER_NAME = 324;
export const tokenName = (id: number): string => TOKENS[id] ?? `unknown-${id}`;
