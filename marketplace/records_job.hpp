// Jobs: paid work with a result, and the receipts for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_booking.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

// What the customer asks for.
struct JobSpec {
  static constexpr std::string_view kName = "JobSpec";
  std::string type;    // "inference", "training", ...
  std::string prompt;  // or the input below
  Hash input_digest;
  std::string input_uri;
  std::string model;
  std::string requirements;

  static constexpr auto kFields =
      FlatTuple(field("type", &JobSpec::type), field("prompt", &JobSpec::prompt),
                field("inputDigest", &JobSpec::input_digest), field("inputUri", &JobSpec::input_uri),
                field("model", &JobSpec::model), field("requirements", &JobSpec::requirements));
};

struct JobResult {
  static constexpr std::string_view kName = "JobResult";
  Hash digest;
  std::string uri;
  Bytes inline_data;        // the result itself when it is small
  std::uint64_t units = 0;  // of work done

  static constexpr auto kFields =
      FlatTuple(field("digest", &JobResult::digest), field("uri", &JobResult::uri),
                field("inlineData", &JobResult::inline_data), field("units", &JobResult::units));
};

struct Job {
  static constexpr std::string_view kName = "Job";
  JobId id;
  Address customer;
  JobTarget target_kind = JobTarget::anyone;
  std::uint64_t target = 0;
  Address provider;  // zero until somebody takes a job for anyone
  JobSpec spec;
  Amount payment;
  FeeRates rates;
  Seconds created_at = 0;
  Seconds expires_at = 0;
  JobState state = JobState::queued;  // as of the last change
  Seconds started_at = 0;
  Seconds closed_at = 0;
  JobResult result;
  std::string failure;
  Amount paid;
  Amount fee;
  Amount refund;
  Amount minted;  // for the receipt; not zero once it was claimed

  static constexpr auto kFields = FlatTuple(
      field("id", &Job::id), field("customer", &Job::customer), field("targetKind", &Job::target_kind),
      field("targetId", &Job::target), field("provider", &Job::provider), field("spec", &Job::spec),
      field("payment", &Job::payment), field("rates", &Job::rates), field("createdAt", &Job::created_at),
      field("expiresAt", &Job::expires_at), field("lastState", &Job::state),
      field("startedAt", &Job::started_at), field("closedAt", &Job::closed_at), field("result", &Job::result),
      field("failure", &Job::failure), field("paid", &Job::paid), field("fee", &Job::fee),
      field("refund", &Job::refund), field("minted", &Job::minted));

  Amount held() const { return state == JobState::queued || state == JobState::running ? payment : Amount{}; }
};
JobState state_of(const Job& job, Seconds now);
std::optional<Seconds> deadline_of(const Job& job);

}  // namespace aitbc::market
