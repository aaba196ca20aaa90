"""Merkle Patricia proofs (Ethereum yellow paper, appendix D)."""

import rlp
from keccak import keccak256


class Unproven(ValueError):
    pass


EMPTY_ROOT = keccak256(b"\x80")


def _nibbles(data):
    return [nibble for byte in data for nibble in (byte >> 4, byte & 15)]


def _path(encoded):
    nibbles = _nibbles(encoded)
    return nibbles[0] >= 2, nibbles[1:] if nibbles[0] & 1 else nibbles[2:]


def prove(root, key, nodes):
    """The value under keccak256(key), or None where the nodes prove that there is none."""
    if root == EMPTY_ROOT:
        return None
    path = _nibbles(keccak256(key))
    remaining = list(nodes)
    reference = root
    while True:
        node = _enter(reference, remaining)
        if len(node) == 17:
            if not path:
                value = node[16]
                break
            reference, path = node[path[0]], path[1:]
            if reference == b"":
                value = None
                break
            continue
        is_leaf, part = _path(node[0])
        if is_leaf:
            value = node[1] if path == part else None
            break
        if path[:len(part)] != part:
            value = None
            break
        reference, path = node[1], path[len(part):]
    if remaining:
        raise Unproven("nodes that the proof does not need")
    return value


def _enter(reference, remaining):
    if isinstance(reference, list):
        return reference  # shorter than 32 bytes: it stands in its parent
    if not remaining:
        raise Unproven("a node is missing")
    encoded = remaining.pop(0)
    if keccak256(encoded) != reference:
        raise Unproven("a node is not the one that its parent names")
    node = rlp.decode(encoded)
    if len(node) not in (2, 17):
        raise Unproven("neither branch, extension nor leaf")
    return node
