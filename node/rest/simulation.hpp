// Calls of the contract without a transaction.
#pragma once

#include "execution/transition.hpp"
#include "node/rest/backend.hpp"

namespace aitbc::rest {

// What a call would do in the next block; refused with the contract's error when it would fail.
RestResult<SimulationResult> simulate_call(const RestBackend& backend, const Address& from,
                                           const Bytes& data);
// What a view returns.
RestResult<Answer> ask_view(const RestBackend& backend, std::string_view view, const Params& arguments);

}  // namespace aitbc::rest
