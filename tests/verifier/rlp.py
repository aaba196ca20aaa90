"""RLP, the strict way: what decodes has exactly one encoding (Ethereum yellow paper, appendix B)."""


class Malformed(ValueError):
    pass


def encode(item):
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        return _header(len(item), 0x80) + item
    body = b"".join(encode(each) for each in item)
    return _header(len(body), 0xC0) + body


def _header(length, offset):
    if length < 56:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(size)]) + size


def decode(data):
    item, end = _decode(data, 0)
    if end != len(data):
        raise Malformed("bytes after the end")
    if encode(item) != data:
        raise Malformed("not the canonical encoding")
    return item


def _decode(data, at):
    if at >= len(data):
        raise Malformed("cut short")
    first = data[at]
    if first < 0x80:
        return data[at:at + 1], at + 1
    is_list = first >= 0xC0
    length = first - (0xC0 if is_list else 0x80)
    start = at + 1
    if length > 55:
        start += length - 55
        length = int.from_bytes(data[at + 1:start], "big")
    end = start + length
    if end > len(data):
        raise Malformed("cut short")
    if not is_list:
        return data[start:end], end
    items = []
    while start < end:
        item, start = _decode(data, start)
        items.append(item)
    if start != end:
        raise Malformed("an item reaches beyond its list")
    return items, end
