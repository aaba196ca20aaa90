#!/usr/bin/env python3
"""Checks what a node says about a booking or a GPU against nothing but a block hash.

Usage: verify.py BLOCK_HASH booking NUMBER < proof.json
       verify.py BLOCK_HASH free GPU_NUMBER FROM UNTIL < proof.json

proof.json is the answer of market_getProof for that record and block. Prints one JSON object; exit status 1 and a
reason when the proof does not prove it. Independent of the node: standard library only, its own Keccak, RLP, trie
and record code.
"""

import json
import sys

import records
import rlp
import trie
from keccak import keccak256

CONTRACT = bytes.fromhex("00000000000000000000000000000000000a17bc")
STATE_ROOT = 3  # among the header's fields
STORAGE_ROOT = 2  # among the account's


def data(text):
    return bytes.fromhex(text.removeprefix("0x"))


def require(holds, what):
    if not holds:
        raise trie.Unproven(what)


def proven_record(block_hash, key, proof):
    """The bytes stored under `key` in the block of that hash; None when there are none."""
    header = data(proof["header"])
    require(keccak256(header) == block_hash, "the header is not the block's")
    state_root = rlp.decode(header)[STATE_ROOT]
    account = trie.prove(state_root, CONTRACT, [data(node) for node in proof["accountProof"]])
    require(account is not None, "the block has no marketplace")
    storage_root = rlp.decode(account)[STORAGE_ROOT]
    stored = trie.prove(storage_root, keccak256(key), [data(node) for node in proof["storageProof"]])
    if stored is None:
        require(proof["record"] is None, "a record that the block does not have")
        return None
    require(proof["record"] is not None, "the record was left out")
    record = data(proof["record"])
    require(rlp.decode(stored) == keccak256(record).lstrip(b"\x00"), "not the record that the block has")
    return record


def settlement(booking):
    """What a closed booking must have paid, by its own record."""
    if booking["finalState"] in ("disputed", "resolved"):
        return None
    whole = booking["pricePerHour"] * (booking["end"] - booking["start"]) // 3600
    used = max(booking["closedAt"] - booking["start"], 0)
    cancelled = booking["finalState"] == "cancelled"
    gross = 0 if cancelled else booking["pricePerHour"] * used // 3600
    early = booking["finalState"] == "released" and booking["evictAt"] == 0
    kept = (whole - gross) * (10_000 - booking["refundBps"]) // 10_000 if early else 0
    fee = gross * booking["rates"]["takeBps"] // 10_000
    paid = gross - fee + kept
    return {"paid": paid, "fee": fee, "refund": booking["locked"] - paid - fee}


def check_booking(block_hash, number, proof):
    record = proven_record(block_hash, records.storage_key("booking", number), proof)
    if record is None:
        return {"exists": False}
    booking = records.decode("booking", record)
    out = {"exists": True, "booking": booking}
    if booking["closed"]:
        total = booking["paid"] + booking["fee"] + booking["refund"] + booking["frozen"]
        require(total == booking["locked"], "the booking did not pay out what it had locked")
        expected = settlement(booking)
        out["refundIsRight"] = expected is None or all(booking[name] == expected[name] for name in expected)
    return out


def check_free(block_hash, number, begin, end, proof):
    record = proven_record(block_hash, records.storage_key("gpu", number), proof)
    require(record is not None, "there is no such GPU")
    gpu = records.decode("gpu", record)
    previous = 0
    for each in gpu["schedule"]:
        require(previous <= each["start"] < each["end"], "a schedule that overlaps itself")
        previous = each["end"]
    taken = [each for each in gpu["schedule"] if each["start"] < end and begin < each["end"]]
    return {"listed": gpu["listing"] == "listed", "free": gpu["listing"] == "listed" and not taken, "taken": taken}


def main(arguments):
    if len(arguments) not in (3, 5) or arguments[1] not in ("booking", "free"):
        print(__doc__, file=sys.stderr)
        return 2
    block_hash = data(arguments[0])
    number = int(arguments[2].split("_")[-1])
    proof = json.load(sys.stdin)
    try:
        if arguments[1] == "booking":
            result = check_booking(block_hash, number, proof)
        else:
            result = check_free(block_hash, number, int(arguments[3]), int(arguments[4]), proof)
    except (trie.Unproven, rlp.Malformed, KeyError, IndexError) as error:
        print(f"not proven: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
