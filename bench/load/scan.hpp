// Reads what the generator needs out of JSON-RPC answers without parsing them: parsing would cost as much as
// the server spends on answering.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aitbc::bench {

std::size_t count_of(std::string_view body, std::string_view needle);

// How many calls of a batch, or of a single request, were answered with a result.
inline std::size_t count_results(std::string_view body) { return count_of(body, "\"result\""); }
// How many of the blocks asked for exist.
inline std::size_t count_blocks(std::string_view body) { return count_of(body, "\"transactionsRoot\""); }
bool has_error(std::string_view body);
// The first error's message, or the beginning of the body when there is none.
std::string first_error(std::string_view body);

// Calls back with every JSON string that is 0x and 64 hexadecimal digits.
void for_each_hash(std::string_view body, const std::function<void(const Hash&)>& visit);

}  // namespace aitbc::bench
