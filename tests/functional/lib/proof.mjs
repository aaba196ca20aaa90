// Checks Ethereum block hashes and Merkle Patricia proofs with nothing but RLP and Keccak.
import { encodeRlp, decodeRlp, keccak256, toBeHex, getBytes, hexlify } from 'ethers';

const scalar = (value) => (BigInt(value) === 0n ? '0x' : toBeHex(BigInt(value)));

// The hash of a block as JSON-RPC describes it.
export function blockHash(block) {
  return keccak256(encodeRlp([
    block.parentHash, block.sha3Uncles, block.miner, block.stateRoot, block.transactionsRoot, block.receiptsRoot,
    block.logsBloom, scalar(block.difficulty), scalar(block.number), scalar(block.gasLimit), scalar(block.gasUsed),
    scalar(block.timestamp), block.extraData, block.mixHash, block.nonce, scalar(block.baseFeePerGas),
  ]));
}

function nibblesOf(hex) { return [...hex.slice(2)].map((digit) => parseInt(digit, 16)); }

function decodePath(encoded) {
  const nibbles = nibblesOf(encoded);
  return { leaf: nibbles[0] >= 2, path: nibbles.slice(nibbles[0] % 2 ? 1 : 2) };
}

// The value under keccak256(key), or null when the proof shows its absence. Throws when the proof proves nothing.
export function verifyProof(root, key, proof) {
  const path = nibblesOf(keccak256(key));
  let expected = root;
  let rest = [...proof];
  let node = null;
  const enter = (reference) => {
    if (Array.isArray(reference)) return reference;  // a node shorter than 32 bytes stands in its parent
    const encoded = rest.shift();
    if (encoded === undefined || keccak256(encoded) !== reference) throw new Error('the proof does not follow from the root');
    return decodeRlp(encoded);
  };
  if (proof.length === 0) {
    if (root !== keccak256(encodeRlp('0x'))) throw new Error('an empty proof for a trie that is not empty');
    return null;
  }
  for (node = enter(expected); ;) {
    if (node.length === 17) {
      if (path.length === 0) return node[16] === '0x' ? null : node[16];
      const child = node[path.shift()];
      if (child === '0x') return null;
      node = enter(child);
      continue;
    }
    const { leaf, path: shared } = decodePath(node[0]);
    const same = shared.every((nibble, i) => nibble === path[i]);
    if (leaf) return same && shared.length === path.length ? node[1] : null;
    if (!same) return null;
    path.splice(0, shared.length);
    node = enter(node[1]);
  }
}

// Checks an eth_getProof answer against a state root; returns the account's fields.
export function verifyAccount(stateRoot, proof) {
  const value = verifyProof(stateRoot, proof.address, proof.accountProof);
  if (value === null) return null;
  const [nonce, balance, storageHash, codeHash] = decodeRlp(value);
  for (const slot of proof.storageProof) {
    const word = verifyProof(storageHash, hexlify(getBytes(slot.key)), slot.proof);
    const proven = word === null ? 0n : BigInt(decodeRlp(word));
    if (proven !== BigInt(slot.value)) throw new Error(`slot ${slot.key} is not proven`);
  }
  return { nonce: nonce === '0x' ? 0n : BigInt(nonce), balance: balance === '0x' ? 0n : BigInt(balance), storageHash, codeHash };
}
