// The contract's refusals as sentences.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aitbc::cli {

// "Another booking overlaps the time (GpuNotFree: gpuId gpu_1, start 2026-01-31 12:00:00 UTC, ...)", with
// what to do about it where that is known. Empty when the data is no error of the marketplace.
std::string explain_revert(ByteView revert_data);
// The same of the text form in which queries report it, "GpuNotFound(gpuId: "gpu_9")"; empty when it is none.
std::string explain_message(std::string_view message);

}  // namespace aitbc::cli
