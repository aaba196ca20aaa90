#include "node/rpc/schemas.hpp"

#include <array>

namespace aitbc::rpc {
namespace {

constexpr std::array kSchemas = {
    NamedSchema{
        "Quantity",
        R"({"type":"string","pattern":"^0x(0|[1-9a-f][0-9a-f]{0,63})$","description":"A number, minimal hexadecimal"})"},
    NamedSchema{"Data", R"({"type":"string","pattern":"^0x([0-9a-fA-F]{2})*$","description":"Bytes"})"},
    NamedSchema{"Hash", R"({"type":"string","pattern":"^0x[0-9a-fA-F]{64}$"})"},
    NamedSchema{"Address", R"({"type":"string","pattern":"^(0x|ait1|aitbc1)[0-9a-fA-F]{40}$"})"},
    NamedSchema{"StorageSlot", R"({"type":"string","pattern":"^0x[0-9a-fA-F]{0,64}$"})"},
    NamedSchema{"Count",
                R"({"oneOf":[{"$ref":"#/components/schemas/Quantity"},{"type":"integer","minimum":0}]})"},
    NamedSchema{
        "BlockReference",
        R"({"description":"A number, a tag, or an EIP-1898 object. safe and finalized equal latest: blocks are final at once. Where a block is asked for, pending is the latest one.","oneOf":[{"type":"string","enum":["latest","safe","finalized","pending","earliest"]},{"$ref":"#/components/schemas/Quantity"},{"$ref":"#/components/schemas/Hash"},{"type":"object","properties":{"blockNumber":{"$ref":"#/components/schemas/Quantity"}},"required":["blockNumber"]},{"type":"object","properties":{"blockHash":{"$ref":"#/components/schemas/Hash"},"requireCanonical":{"type":"boolean"}},"required":["blockHash"]}]})"},
    NamedSchema{
        "CallObject",
        R"({"type":"object","properties":{"from":{"$ref":"#/components/schemas/Address"},"to":{"$ref":"#/components/schemas/Address"},"gas":{"$ref":"#/components/schemas/Quantity"},"gasPrice":{"$ref":"#/components/schemas/Quantity"},"maxFeePerGas":{"$ref":"#/components/schemas/Quantity"},"maxPriorityFeePerGas":{"$ref":"#/components/schemas/Quantity"},"value":{"$ref":"#/components/schemas/Quantity"},"input":{"$ref":"#/components/schemas/Data"},"data":{"$ref":"#/components/schemas/Data"},"nonce":{"$ref":"#/components/schemas/Quantity"},"accessList":{"type":"array"}}})"},
    NamedSchema{
        "LogFilter",
        R"({"type":"object","properties":{"fromBlock":{"$ref":"#/components/schemas/BlockReference"},"toBlock":{"$ref":"#/components/schemas/BlockReference"},"blockHash":{"$ref":"#/components/schemas/Hash"},"address":{"oneOf":[{"$ref":"#/components/schemas/Address"},{"type":"array","items":{"$ref":"#/components/schemas/Address"}}]},"topics":{"type":"array","maxItems":4}}})"},
    NamedSchema{
        "Block",
        R"({"type":"object","required":["number","hash","parentHash","nonce","mixHash","sha3Uncles","logsBloom","transactionsRoot","stateRoot","receiptsRoot","miner","difficulty","totalDifficulty","extraData","size","gasLimit","gasUsed","timestamp","transactions","uncles"],"properties":{"number":{"$ref":"#/components/schemas/Quantity"},"hash":{"$ref":"#/components/schemas/Hash"},"baseFeePerGas":{"$ref":"#/components/schemas/Quantity"},"transactions":{"type":"array"}}})"},
    NamedSchema{
        "Transaction",
        R"({"type":"object","required":["hash","type","nonce","from","to","value","gas","gasPrice","input","v","r","s","blockHash","blockNumber","transactionIndex"],"properties":{"hash":{"$ref":"#/components/schemas/Hash"},"type":{"$ref":"#/components/schemas/Quantity"}}})"},
    NamedSchema{
        "Receipt",
        R"({"type":"object","required":["transactionHash","transactionIndex","blockHash","blockNumber","from","to","cumulativeGasUsed","gasUsed","effectiveGasPrice","contractAddress","logs","logsBloom","status","type"],"properties":{"status":{"$ref":"#/components/schemas/Quantity"},"logs":{"type":"array","items":{"$ref":"#/components/schemas/Log"}}}})"},
    NamedSchema{
        "Log",
        R"({"type":"object","required":["address","topics","data","blockNumber","blockHash","blockTimestamp","transactionHash","transactionIndex","logIndex","removed"],"properties":{"address":{"$ref":"#/components/schemas/Address"},"topics":{"type":"array","maxItems":4,"items":{"$ref":"#/components/schemas/Hash"}},"data":{"$ref":"#/components/schemas/Data"}}})"},
};

}  // namespace

std::span<const NamedSchema> component_schemas() { return kSchemas; }

}  // namespace aitbc::rpc
