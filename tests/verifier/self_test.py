#!/usr/bin/env python3
"""Known answers for the verifier's own code."""

import sys
import unittest

import records
import rlp
import trie
from keccak import keccak256


class Known(unittest.TestCase):
    def test_keccak_of_nothing_and_of_more_than_a_block(self):
        self.assertEqual(keccak256(b"").hex(), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
        self.assertEqual(keccak256(b"abc").hex(), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")
        self.assertNotEqual(keccak256(b"a" * 136), keccak256(b"a" * 137))

    def test_rlp_has_one_encoding(self):
        self.assertEqual(rlp.encode([b"cat", b"dog"]).hex(), "c88363617483646f67")
        self.assertEqual(rlp.decode(bytes.fromhex("c88363617483646f67")), [b"cat", b"dog"])
        for bad in ("8101", "b800", "c0c0", "83636174ff", "83", "f800", "c3820001ff"):
            with self.assertRaises(rlp.Malformed, msg=bad):
                rlp.decode(bytes.fromhex(bad))

    def test_a_leaf_proves_its_value_and_the_absence_of_others(self):
        path = keccak256(b"key")
        leaf = rlp.encode([b"\x20" + path, b"value"])
        self.assertEqual(trie.prove(keccak256(leaf), b"key", [leaf]), b"value")
        self.assertIsNone(trie.prove(keccak256(leaf), b"other", [leaf]))
        for nodes in ([], [leaf, leaf], [leaf + b"\x00"]):
            with self.assertRaises((trie.Unproven, rlp.Malformed)):
                trie.prove(keccak256(leaf), b"key", nodes)
        with self.assertRaises(trie.Unproven):
            trie.prove(keccak256(b"else"), b"key", [leaf])

    def test_a_record_with_a_field_too_few_is_refused(self):
        with self.assertRaises(rlp.Malformed):
            records.decode("booking", rlp.encode([b"\x01"]))


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False).result.wasSuccessful() else 1)
