// Rules for what a configuration may put into an upstream's URL. Without them a `#`, `@` or `..` in
// a name would send the credential to another host or path. Each rule gives what is wrong, or null.

/** Letters, digits and inner hyphens: `us-east-1`, `eu-central-2`. */
export function regionProblem(region: string): string | null {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(region)) return null;
  return 'must be letters, digits and hyphens, such as us-east-1';
}

/** The id of a project of Google Cloud, perhaps with its domain, or its number. */
export function projectProblem(project: string): string | null {
  if (/^([a-z0-9][a-z0-9.-]*:)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(project)) return null;
  return 'must be the id of a Google Cloud project, such as my-project-123';
}

const longestModelName = 2048;

/** Printable ASCII without what means something in a URL; every part between `/` is a real name. */
export function modelNameProblem(name: string): string | null {
  if (name.length === 0) return 'must not be empty';
  if (name.length > longestModelName) return `must be at most ${longestModelName} characters`;
  if (!/^[!-~]+$/.test(name)) return 'must be printable ASCII without spaces or line breaks';
  const bad = /[\\%?#<>"`{}|^]/.exec(name);
  if (bad !== null) return `must not contain ${bad[0]}`;
  const parts = name.split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..')) {
    return 'must not contain an empty, "." or ".." part between slashes';
  }
  return null;
}

const originShape = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?\/?$/i;

/** An origin alone: scheme, host, port. Without TLS only to this machine, unless allowed. */
export function endpointProblem(endpoint: string, allowInsecure: boolean): string | null {
  const shape = originShape.exec(endpoint);
  if (shape === null || !URL.canParse(endpoint)) {
    return 'must be an origin such as https://api.example.com, without user, path, query or fragment';
  }
  const url = new URL(endpoint);
  if (url.protocol === 'https:' || allowInsecure || isLoopback(url.hostname)) return null;
  return 'must begin with https:// (http:// only to this machine, or with allowInsecure: true)';
}

const longestPath = 512;

/** An origin with the path that stands before every operation, such as `/openai/v1`. */
export function baseUrlProblem(url: string, allowInsecure: boolean): string | null {
  const [, origin = '', path = ''] = /^([^/]*\/\/[^/]*)(.*)$/.exec(url) ?? [];
  const parts = path.replace(/\/$/, '').split('/').slice(1);
  const isPath = path.length <= longestPath && parts.every(part => /^[\w.~-]+$/.test(part));
  if (!isPath || parts.some(part => part === '.' || part === '..') || !originShape.test(origin)) {
    return 'must be a base URL such as https://api.example.com/v1, without user, query or fragment';
  }
  return endpointProblem(origin, allowInsecure);
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]')
    return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
