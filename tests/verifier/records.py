"""Records of the marketplace: field lists as docs/marketplace.md has them."""

import rlp

FEE_RATES = [("takeBps", int), ("poolBps", int)]
BOOKING = [
    ("id", int), ("gpuId", int), ("provider", "address"), ("customer", "address"), ("refundTo", "address"),
    ("createdAt", int), ("start", int), ("end", int), ("pricePerHour", int), ("locked", int), ("refundBps", int),
    ("rates", FEE_RATES), ("job", str), ("bidId", int), ("interruptible", bool), ("evictAt", int),
    ("disputeId", int), ("frozen", int), ("frozenUntil", int), ("started", bool), ("closed", bool),
    ("finalState", ["scheduled", "active", "completed", "released", "cancelled", "faulted", "evicted", "disputed",
                    "resolved"]),
    ("closedAt", int), ("paid", int), ("fee", int), ("refund", int), ("reviewId", int),
]
ATTRIBUTE = [("key", str), ("value", str)]
GPU_SPEC = [
    ("deviceId", str), ("model", str), ("memoryGb", int), ("cudaVersion", str), ("computeCapability", str),
    ("cudaCores", int), ("region", str), ("capabilities", ("list", str)), ("category", str),
    ("attributes", ("list", ATTRIBUTE)), ("pricePerHour", int), ("pricingStrategy", str), ("refundBps", int),
    ("minDuration", int), ("maxDuration", int), ("interruptible", bool),
]
INTERVAL = [("start", int), ("end", int), ("bookingId", int)]
GPU = [
    ("id", int), ("provider", "address"), ("number", int), ("listing", ["listed", "delisted", "retired"]),
    ("offerId", int), ("auctionId", int), ("createdAt", int), ("spec", GPU_SPEC), ("schedule", ("list", INTERVAL)),
    ("totalBookings", int), ("reviews", int), ("ratingSum", int), ("weightedRating", int), ("ratingWeight", int),
]
KINDS = {"gpu": (1, GPU), "booking": (2, BOOKING)}


def storage_key(kind, number):
    return b"r" + bytes([KINDS[kind][0]]) + number.to_bytes(8, "big")


def _number(item):
    if not isinstance(item, bytes) or item[:1] == b"\x00":
        raise rlp.Malformed("a number with leading zeros")
    return int.from_bytes(item, "big")


def _value(kind, item):
    if kind is int:
        return _number(item)
    if kind is bool:
        return [False, True][_number(item)]
    if kind is str:
        return item.decode("utf-8")
    if kind == "address":
        if len(item) != 20:
            raise rlp.Malformed("an address of another length")
        return "0x" + item.hex()
    if isinstance(kind, tuple):
        return [_value(kind[1], each) for each in item]
    if isinstance(kind[0], str):
        return kind[_number(item)]
    return _record(kind, item)


def _record(fields, items):
    if not isinstance(items, list) or len(items) != len(fields):
        raise rlp.Malformed("not as many fields as the record has")
    return {name: _value(kind, item) for (name, kind), item in zip(fields, items)}


def decode(kind, data):
    return _record(KINDS[kind][1], rlp.decode(data))
