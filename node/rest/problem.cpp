#include "node/rest/problem.hpp"

#include <algorithm>
#include <array>

#include "marketplace/abi.hpp"
#include "node/json/json_writer.hpp"

namespace aitbc::rest {
namespace {

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::invalid_input:
    case ErrorCode::limit:
    case ErrorCode::invalid_block:
    case ErrorCode::unsupported:
      return 400;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::io:
    case ErrorCode::corruption:
      return 500;
  }
  return 500;
}

// Errors about the state that a record is in, rather than about what was asked.
constexpr std::array<std::string_view, 27> kConflicts{
    "GpuNotFree",     "GpuNotListed",      "GpuAlreadyListed",  "GpuHasBookings",  "GpuInAuction",
    "ScheduleFull",   "WrongBookingState", "BookingNotDue",     "PriceChanged",    "UnderNotice",
    "TargetNotOpen",  "BidNotOpen",        "WrongServiceState", "OfferIsClosed",   "DisputeIsClosed",
    "WrongJobState",  "AlreadyReviewed",   "AlreadyVoted",      "ProviderExists",  "DeviceAlreadyRegistered",
    "AuctionNotOpen", "ReviewIsHidden",    "ProposalNotOpen",   "AlreadyApproved", "OrderUsed",
    "ReceiptClaimed", "OutageBeingClosed"};

unsigned status_of_revert(std::string_view name) {
  if (name.ends_with("NotFound")) return 404;
  if (std::find(kConflicts.begin(), kConflicts.end(), name) != kConflicts.end()) return 409;
  // Someone else's record, or work that the caller has not paid for.
  if (name == "NotPayable" || name == "NotARecentBlock" || name.starts_with("Nothing")) return 400;
  if (name.starts_with("Not")) return 403;
  if (name.starts_with("Own")) return 403;
  return 400;
}

}  // namespace

tl::unexpected<Problem> refuse(Error error) {
  return refuse(status_of(error.code), std::move(error.message));
}

Problem problem_of_revert(ByteView revert_data) {
  const auto decoded = market::decode_error(revert_data);
  if (!decoded) return {400, "the contract refused the call", {}, {}, 0};
  Problem problem{status_of_revert(decoded->name), market::describe_error(revert_data), {}, {}, 0};
  std::string error;
  JsonWriter(error)
      .begin_object()
      .key("name")
      .text(decoded->name)
      .key("arguments")
      .raw(decoded->arguments_json)
      .end_object();
  problem.members.emplace_back("error", std::move(error));
  return problem;
}

http::Response render(const Problem& problem) {
  http::Response response;
  response.status = problem.status;
  JsonWriter out(response.body);
  out.begin_object().key("detail");
  if (problem.issues.empty()) {
    out.text(problem.detail);
  } else {
    out.begin_array();
    for (const Issue& issue : problem.issues) {
      out.begin_object().key("loc").begin_array();
      for (const std::string& step : issue.where) out.text(step);
      out.end_array().key("msg").text(issue.message).key("type").text(issue.type).end_object();
    }
    out.end_array();
  }
  for (const auto& [name, json] : problem.members) out.key(name).raw(json);
  out.end_object();
  if (problem.retry_after_seconds > 0)
    response.fields.emplace_back("Retry-After", std::to_string(problem.retry_after_seconds));
  return response;
}

}  // namespace aitbc::rest
