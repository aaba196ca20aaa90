// Starts the real node as a devnet in a temporary folder on a free port, and stops it by its process id.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeProcess, binaries, waitFor } from './node_process.mjs';

export { binaries, waitFor };

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

export class Devnet extends NodeProcess {
  constructor(folder, options) {
    super();
    this.folder = folder;
    this.options = options;
  }

  // options: validators (1), periodMs, flags (more command-line flags), prefix (a command to run the node under),
  // marketplace (roles and parameters of the market that the genesis shall have), validatorKeys (their keys, one each; new ones when left out)
  static async start({ validatorKeys, ...options } = {}) {
    const net = new Devnet(await temporaryFolder(), { validators: validatorKeys?.length, ...options });
    for (const [index, key] of (validatorKeys ?? []).entries()) {
      await mkdir(net.nodeFolders()[index], { recursive: true });
      await writeFile(path.join(net.nodeFolders()[index], 'validator.key'), `${key.slice(2)}\n`, { mode: 0o600 });
    }
    await net.launch();
    if (options.marketplace) await net.beginAgain(options.marketplace);
    return net;
  }

  nodeFolders() {
    const count = this.options.validators ?? 1;
    const data = path.join(this.folder, 'node');
    return count === 1 ? [data] : Array.from({ length: count }, (_, i) => path.join(data, `validator-${i + 1}`));
  }

  // The chain from its genesis on, with these roles and parameters in it.
  async beginAgain(marketplace) {
    await this.kill('SIGTERM');
    this.port = undefined;  // of several nodes the others' ports would have to be free as well
    for (const folder of this.nodeFolders()) {
      const genesis = JSON.parse(await readFile(path.join(folder, 'genesis.json'), 'utf8'));
      genesis.marketplace = { ...genesis.marketplace, ...marketplace };
      await writeFile(path.join(folder, 'genesis.json'), JSON.stringify(genesis));
      for (const data of ['db', 'search']) await rm(path.join(folder, data), { recursive: true, force: true });
    }
    await this.launch();
  }

  async launch() {
    await this.spawn([
      'devnet', '--data-dir', path.join(this.folder, 'node'), '--wallet-dir', path.join(this.folder, 'wallets'),
      '--http-port', String(this.port ?? 0), '--validators', String(this.options.validators ?? 1),
      '--period-ms', String(this.options.periodMs ?? 200), ...(this.options.flags ?? []),
    ], path.join(this.folder, 'ready'), this.options.prefix);
  }

  async stop() {
    if (this.isRunning) await this.kill('SIGTERM');
    const status = await this.exited;
    await rm(this.folder, { recursive: true, force: true });
    return status;
  }
}
