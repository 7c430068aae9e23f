import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/redis/ready.ts';
import { newFolder, start } from '../child.ts';
import { message } from '../payload.ts';
import type { StartPeer } from './peer.ts';

const NGINX = '/usr/sbin/nginx';
const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

/** nginx with Debian's nchan: one worker, and as long a log as Motograph keeps. */
export const nchan: StartPeer = async () => {
  if (!existsSync(NGINX) || !existsSync(MODULE)) {
    console.log('nchan: skipped, it is not installed (apt-get install nginx-light libnginx-mod-nchan)');
    return undefined;
  }
  const folder = newFolder();
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, port));
  const child = start([NGINX, '-p', folder, '-e', join(folder, 'error.log'), '-c', file]);
  await answers(port);
  return {
    name: 'nchan',
    port,
    pids: [child.pid],
    kind: 'ws',
    path: '/live',
    ready: 0,
    door: { path: '/publish', headers: { 'Content-Type': 'application/json' }, body: message },
    stop: child.stop,
  };
};

function configuration(folder: string, port: number): string {
  return `
load_module ${MODULE};
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 100000;
pid ${folder}/pid;
error_log ${folder}/error.log crit;
events { worker_connections 40000; }
http {
  access_log off;
  client_body_temp_path ${folder};
  proxy_temp_path ${folder};
  fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder};
  scgi_temp_path ${folder};
  nchan_max_reserved_memory 256M;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /live {
      nchan_subscriber websocket;
      nchan_subscriber_first_message newest;
      nchan_channel_id bench;
    }
    location = /publish {
      nchan_publisher http;
      nchan_channel_id bench;
      nchan_message_buffer_length 5000;
    }
  }
}
`;
}

async function answers(port: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx does not answer');
}
