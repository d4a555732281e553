/** Tabs of a release, in the order in which they stand. */
export const RELEASE_TABS = ['overview', 'plan', 'checklist', 'artifacts', 'approvals', 'deployment', 'record'] as const;
export type ReleaseTab = (typeof RELEASE_TABS)[number];

/** Panels of the archive that an address can open. */
export const ARCHIVE_ACTS = ['sync', 'export', 'append'] as const;
export type ArchiveAct = (typeof ARCHIVE_ACTS)[number];

/** Ways to look at a record. */
export const ENTRY_VIEWS = ['both', 'record', 'bytes', 'proof'] as const;
export type EntryView = (typeof ENTRY_VIEWS)[number];

/** Parts of one emergency, in the order in which they stand. */
export const EMERGENCY_PARTS = ['steps', 'calls', 'clocks', 'shift', 'story'] as const;
export type EmergencyPart = (typeof EMERGENCY_PARTS)[number];

export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'releases' }
  | { readonly screen: 'new-release' }
  | { readonly screen: 'edit-release'; readonly id: string }
  | { readonly screen: 'release'; readonly id: string; readonly tab: ReleaseTab; readonly line: string | null }
  | { readonly screen: 'sign'; readonly id: string }
  | { readonly screen: 'approve'; readonly id: string }
  /** `of`: the deployment to undo, by its record. */
  | { readonly screen: 'rollback'; readonly id: string; readonly of: string | null }
  | { readonly screen: 'people'; readonly version: number | null }
  | { readonly screen: 'metrics' }
  /** `of`: the emergency that is open, by the record of its declaration. */
  | { readonly screen: 'emergency'; readonly of: string | null; readonly act: 'declare' | null; readonly part?: EmergencyPart }
  /** Somebody is asked by word: `who` in which `role`, or a `request` that was made already (FORMATS §7). */
  | { readonly screen: 'call'; readonly of: string; readonly who: string | null; readonly role: string | null; readonly request: string | null }
  /** The form of a call on paper. */
  | { readonly screen: 'call-form'; readonly of: string; readonly request: string }
  /** What was said by word, before whoever signs for it: the approver, or the witness. */
  | { readonly screen: 'word'; readonly of: string; readonly verbal: string; readonly act: 'ratify' | 'witness' }
  | { readonly screen: 'post-mortem'; readonly of: string }
  /** `of`: the drill whose report is open. */
  | { readonly screen: 'drill'; readonly of: string | null }
  | { readonly screen: 'archive'; readonly query: string; readonly entry: string | null; readonly view: EntryView; readonly act: ArchiveAct | null }
  | { readonly screen: 'verify'; readonly path: string | null }
  | { readonly screen: 'keys'; readonly act?: 'set-aside' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'nowhere'; readonly address: string };

/** Reads an address; what no screen answers to is `nowhere`, and is said, not guessed. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const parts = path.split('/').filter((part) => part !== '').map(decoded);
  const parameters = new URLSearchParams(query);
  const [first, second, third] = parts;
  if (first === undefined || (first === 'home' && second === undefined)) return { screen: 'home' };
  if (first === 'release' && second !== undefined) {
    if (second === 'new' && third === undefined) return { screen: 'new-release' };
    if (third === 'edit') return { screen: 'edit-release', id: second };
    if (third === 'sign') return { screen: 'sign', id: second };
    if (third === 'approve') return { screen: 'approve', id: second };
    if (third === 'rollback') return { screen: 'rollback', id: second, of: parameters.get('of') };
    const tab = third === undefined ? 'checklist' : RELEASE_TABS.find((known) => known === third);
    if (tab !== undefined) return { screen: 'release', id: second, tab, line: parameters.get('line') };
  }
  if (second === undefined) {
    if (first === 'releases') return { screen: 'releases' };
    if (first === 'emergency') return emergencyRoute(parameters);
    if (first === 'drill') return { screen: 'drill', of: parameters.get('of') };
    if (first === 'archive') {
      const act = ARCHIVE_ACTS.find((known) => known === parameters.get('act')) ?? null;
      const view = ENTRY_VIEWS.find((known) => known === parameters.get('view')) ?? 'both';
      return { screen: 'archive', query: parameters.get('q') ?? '', entry: parameters.get('entry'), view, act };
    }
    if (first === 'verify') return { screen: 'verify', path: parameters.get('path') };
    if (first === 'people') return { screen: 'people', version: wholeNumber(parameters.get('version')) };
    if (first === 'metrics') return { screen: 'metrics' };
    if (first === 'keys') return { screen: 'keys', ...(parameters.get('act') === 'set-aside' ? { act: 'set-aside' } : {}) };
    if (first === 'settings') return { screen: 'settings' };
  }
  return { screen: 'nowhere', address: hash };
}

function emergencyRoute(parameters: URLSearchParams): Route {
  const [of, act] = [parameters.get('of'), parameters.get('act')];
  if (act === 'declare') return { screen: 'emergency', of, act };
  if (of !== null) {
    const [request, verbal] = [parameters.get('request'), parameters.get('verbal')];
    if (act === 'call') return { screen: 'call', of, who: parameters.get('who'), role: parameters.get('role'), request };
    if (act === 'form' && request !== null) return { screen: 'call-form', of, request };
    if ((act === 'ratify' || act === 'witness') && verbal !== null) return { screen: 'word', of, verbal, act };
    if (act === 'post-mortem') return { screen: 'post-mortem', of };
  }
  const part = EMERGENCY_PARTS.find((known) => known === parameters.get('part'));
  return { screen: 'emergency', of, act: null, ...(part === undefined || part === 'steps' ? {} : { part }) };
}

function inEmergency(of: string, more: Readonly<Record<string, string>>): string {
  return `#/emergency?${Object.entries({ of, ...more }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function searched(query: string): string {
  return query === '' ? '#/archive' : `#/archive?q=${encodeURIComponent(query)}`;
}

/** Addresses, written in one place. */
export const addressOf = {
  home: '#/home',
  releases: '#/releases',
  newRelease: '#/release/new',
  emergencies: '#/emergency',
  declareEmergency: '#/emergency?act=declare',
  drill: '#/drill',
  archive: '#/archive',
  verify: '#/verify',
  keys: '#/keys',
  setAsideKey: '#/keys?act=set-aside',
  people: '#/people',
  metrics: '#/metrics',
  settings: '#/settings',
  entry: (id: string, query = '', view: EntryView = 'both'): string => `${searched(query)}${query === '' ? '?' : '&'}entry=${encodeURIComponent(id)}${view === 'both' ? '' : `&view=${view}`}`,
  search: (query: string): string => searched(query),
  act: (act: ArchiveAct, query = ''): string => `${searched(query)}${query === '' ? '?' : '&'}act=${act}`,
  recordsOf: (version: string): string => searched(`version:"${version.replaceAll(/["\\]/g, '\\$&')}"`),
  release: (id: string, tab: ReleaseTab = 'checklist'): string => `#/release/${encodeURIComponent(id)}/${tab}`,
  line: (id: string, line: string): string => `#/release/${encodeURIComponent(id)}/checklist?line=${encodeURIComponent(line)}`,
  edit: (id: string): string => `#/release/${encodeURIComponent(id)}/edit`,
  sign: (id: string): string => `#/release/${encodeURIComponent(id)}/sign`,
  approve: (id: string): string => `#/release/${encodeURIComponent(id)}/approve`,
  rollback: (id: string, of: string | null = null): string => `#/release/${encodeURIComponent(id)}/rollback${of === null ? '' : `?of=${encodeURIComponent(of)}`}`,
  emergency: (record: string, part: EmergencyPart = 'steps'): string => inEmergency(record, part === 'steps' ? {} : { part }),
  call: (record: string, who: string, role: string): string => inEmergency(record, { act: 'call', who, role }),
  callOf: (record: string, request: string): string => inEmergency(record, { act: 'call', request }),
  callForm: (record: string, request: string): string => inEmergency(record, { act: 'form', request }),
  ratify: (record: string, verbal: string): string => inEmergency(record, { act: 'ratify', verbal }),
  witness: (record: string, verbal: string): string => inEmergency(record, { act: 'witness', verbal }),
  postMortem: (record: string): string => inEmergency(record, { act: 'post-mortem' }),
  drillReport: (id: string): string => `#/drill?of=${encodeURIComponent(id)}`,
  rosterVersion: (version: number): string => `#/people?version=${version}`,
  verifyPath: (path: string): string => `#/verify?path=${encodeURIComponent(path)}`,
} as const;

/** The screen's part of the rail that is lit. */
export function railPlaceOf(route: Route): 'home' | 'releases' | 'emergency' | 'archive' | 'verify' | 'keys' | 'people' | 'settings' | null {
  switch (route.screen) {
    case 'release':
    case 'new-release':
    case 'edit-release':
    case 'sign':
    case 'approve':
    case 'rollback':
    case 'metrics':
      return 'releases';
    case 'drill':
    case 'call':
    case 'call-form':
    case 'word':
    case 'post-mortem':
      return 'emergency';
    case 'nowhere':
      return null;
    default:
      return route.screen;
  }
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A hand-written address may hold a lone "%"; it is shown as it stands.
    return part;
  }
}
