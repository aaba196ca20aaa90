"""Keccak-256 as Ethereum uses it (the padding before FIPS 202), from the Keccak reference, version 3.0."""

_ROUNDS = []
_ROTATIONS = {}


def _make_tables():
    register = 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << ((1 << j) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        _ROUNDS.append(constant)
    x, y = 1, 0
    _ROTATIONS[0, 0] = 0
    for t in range(24):
        _ROTATIONS[x, y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5


_make_tables()
_MASK = (1 << 64) - 1


def _rotate(lane, by):
    return (lane << by | lane >> (64 - by)) & _MASK if by else lane


def _permute(lanes):
    for constant in _ROUNDS:
        column = [lanes[x, 0] ^ lanes[x, 1] ^ lanes[x, 2] ^ lanes[x, 3] ^ lanes[x, 4] for x in range(5)]
        for x in range(5):
            mixed = column[(x - 1) % 5] ^ _rotate(column[(x + 1) % 5], 1)
            for y in range(5):
                lanes[x, y] ^= mixed
        moved = {(y, (2 * x + 3 * y) % 5): _rotate(lanes[x, y], _ROTATIONS[x, y]) for x in range(5) for y in range(5)}
        for x in range(5):
            for y in range(5):
                lanes[x, y] = moved[x, y] ^ (~moved[(x + 1) % 5, y] & moved[(x + 2) % 5, y] & _MASK)
        lanes[0, 0] ^= constant


def keccak256(data):
    rate = 136
    padded = bytearray(data)
    padded += b"\x01" + b"\x00" * (-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    lanes = {(x, y): 0 for x in range(5) for y in range(5)}
    for start in range(0, len(padded), rate):
        for i in range(rate // 8):
            lanes[i % 5, i // 5] ^= int.from_bytes(padded[start + 8 * i:start + 8 * i + 8], "little")
        _permute(lanes)
    return b"".join(lanes[i % 5, i // 5].to_bytes(8, "little") for i in range(4))
