// Starts the real node as a devnet in a temporary folder on a free port, and stops it by its process id.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const binaries = process.env.AITBC_BIN;
if (!binaries) throw new Error('AITBC_BIN must name the folder of aitbc-node and aitbc');

// The well-known development accounts (test test ... junk); their keys are public.
export const keys = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
];
export const chainId = 661436;
export const marketplace = '0x00000000000000000000000000000000000a17bc';

export async function temporaryFolder() {
  return mkdtemp(path.join(tmpdir(), 'aitbc-test-'));
}

export async function waitFor(what, probe, timeoutMs = 30_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await sleep(20);
  }
}

export class Devnet {
  constructor(folder, options) {
    this.folder = folder;
    this.options = options;
    this.log = '';
  }

  // options: periodMs, flags (more command-line flags), prefix (a command to run the node under)
  static async start(options = {}) {
    const net = new Devnet(await temporaryFolder(), options);
    await net.launch();
    return net;
  }

  async launch() {
    const ready = path.join(this.folder, 'ready');
    await rm(ready, { force: true });
    const command = [
      ...(this.options.prefix ?? []), path.join(binaries, 'aitbc-node'), 'devnet',
      '--data-dir', path.join(this.folder, 'node'), '--wallet-dir', path.join(this.folder, 'wallets'),
      '--http-port', String(this.port ?? 0), '--ready-file', ready,
      '--period-ms', String(this.options.periodMs ?? 200), ...(this.options.flags ?? []),
    ];
    this.process = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (chunk) => { this.log = (this.log + chunk).slice(-200_000); });
    const url = await waitFor('the devnet', async () => {
      if (this.process.exitCode !== null) throw new Error(`the node ended with ${this.process.exitCode}:\n${this.log}`);
      return existsSync(ready) && (await readFile(ready, 'utf8')).trim();
    });
    this.url = url;
    this.port = Number(new URL(url).port);
    this.wsUrl = url.replace('http', 'ws');
  }

  async kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    return this.exited;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill('SIGTERM');
    const status = await this.exited;
    await rm(this.folder, { recursive: true, force: true });
    return status;
  }

  async rpc(method, ...params) {
    const answer = await this.post({ jsonrpc: '2.0', id: 1, method, params });
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  }

  async post(body, headers = {}) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }
}
