// The floors of the benchmarks: nginx as a reverse proxy with one worker, from the system's
// packages, configured in a temporary folder: `proxy_pass` as it comes, which opens a connection to
// the upstream for each request, and with upstream connections kept alive. Absent where not
// installed.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinned, sideCpu } from './pinned.ts';

/** `nginx version: nginx/1.22.1`, or null where there is none. */
export function nginxVersion(): string | null {
  const { stderr, status } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return status === 0 ? stderr.trim() : null;
}

/** Starts nginx in the foreground on `port`, passing everything to `upstreamPort`. */
export function startNginx(
  folder: string,
  port: number,
  upstreamPort: number,
  keepAlive: boolean,
): ChildProcess {
  const upstream = `127.0.0.1:${upstreamPort}`;
  const kept = `
  upstream mock { server ${upstream}; keepalive 256; keepalive_requests 1000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";`;
  const config = `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
  ${keepAlive ? kept : ''}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${keepAlive ? 'mock' : upstream};
      proxy_buffering off;
      proxy_read_timeout 300s;
    }
  }
}
`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, config);
  const [command, ...args] = pinned(sideCpu, ['nginx', '-p', folder, '-c', file]);
  return spawn(command!, args, { stdio: 'ignore' });
}
