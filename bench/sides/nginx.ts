// The floors: nginx as a reverse proxy with one worker, from the system's packages. `proxy_pass` as
// it comes opens a connection to the upstream for each request; the other keeps them.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, sideCpu, startChild } from '../child.ts';
import type { Found, Running, Setting, Side } from '../side.ts';
import { bodyOf, pathOf } from '../works.ts';

export const proxyPass: Side = {
  name: 'nginx, proxy_pass',
  find,
  start: setting => start(setting, false),
};
export const keptAlive: Side = {
  name: 'nginx, kept alive',
  find,
  start: setting => start(setting, true),
};

function find(): Found {
  const { stderr, status } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  if (status === 0) return { version: stderr.trim().replace('nginx version: ', '') };
  return { absent: 'not installed: apt-get install nginx-light' };
}

async function start({ folder, mockPort }: Setting, keepAlive: boolean): Promise<Running> {
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configOf(folder, port, `127.0.0.1:${mockPort}`, keepAlive));
  const process = startChild(['nginx', '-p', folder, '-c', file], { cpu: sideCpu });
  return {
    process,
    ask: work =>
      work.upstream === work.caller
        ? {
            url: `http://127.0.0.1:${port}${pathOf(work)}`,
            headers: { 'content-type': 'application/json' },
            body: bodyOf(work, 'bench'),
          }
        : null,
  };
}

function configOf(folder: string, port: number, upstream: string, keepAlive: boolean): string {
  const kept = `
  upstream mock { server ${upstream}; keepalive 1024; keepalive_requests 1000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";`;
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
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
}
