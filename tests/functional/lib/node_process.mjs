// One running aitbc-node: started, talked to over JSON-RPC, stopped by its process id.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const binaries = process.env.AITBC_BIN;
if (!binaries) throw new Error('AITBC_BIN must name the folder of aitbc-node and aitbc');

export async function waitFor(what, probe, timeoutMs = 30_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await sleep(20);
  }
}

export class NodeProcess {
  log = '';

  // Runs aitbc-node with these arguments, and a ready file that is added to them; resolves once requests are served.
  // prefix: a command to run it under.
  async spawn(args, ready, prefix = []) {
    await rm(ready, { force: true });
    const command = [...prefix, path.join(binaries, 'aitbc-node'), ...args, '--ready-file', ready];
    this.process = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (chunk) => { this.log = (this.log + chunk).slice(-200_000); });
    this.url = await waitFor('the node', async () => {
      if (!this.isRunning) throw new Error(`the node ended with ${this.process.exitCode}:\n${this.log}`);
      return existsSync(ready) && (await readFile(ready, 'utf8')).trim();
    });
    this.port = Number(new URL(this.url).port);
    this.wsUrl = this.url.replace('http', 'ws');
  }

  get isRunning() { return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null; }

  async kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    return this.exited;
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

  async height() { return Number(await this.rpc('eth_blockNumber')); }

  // The sum of a metric over its labels; `name{label="x"}` selects one.
  async metric(name) {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
  }
}
