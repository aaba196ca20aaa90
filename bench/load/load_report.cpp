#include <boost/json.hpp>

#include <fmt/format.h>

#include "load/load.hpp"

namespace aitbc::bench {

std::string text_of(const LoadReport& report) {
  const SubmissionResult& result = report.result;
  std::string out;
  out += fmt::format("chain id             {}\n", report.chain_id);
  out += fmt::format("ecrecover            {:.0f}/s on {} threads\n", report.ecrecover_per_second,
                     report.recover_threads);
  out += fmt::format("accepted             {} of {} in {:.3f} s: {:.0f}/s\n", result.accepted,
                     report.transactions, result.accepting_seconds, report.accepted_per_second());
  out += fmt::format("included             {} in {:.3f} s and {} blocks: {:.0f}/s\n", result.included,
                     result.including_seconds, result.blocks, report.included_per_second());
  out += fmt::format("included/ecrecover   {:.3f}\n", report.included_to_ecrecover());
  out +=
      fmt::format("latency              p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, max {:.1f} ms\n",
                  result.latency.p50_ms, result.latency.p90_ms, result.latency.p99_ms, result.latency.max_ms);
  if (result.refused > 0)
    out += fmt::format("refused              {}, the first with: {}\n", result.refused, result.first_refusal);
  if (result.included_twice > 0) out += fmt::format("INCLUDED TWICE       {}\n", result.included_twice);
  if (result.stalled) out += "STALLED              gave up waiting for the rest\n";
  return out;
}

std::string json_of(const LoadReport& report) {
  const SubmissionResult& result = report.result;
  boost::json::object out;
  out["chain_id"] = report.chain_id;
  out["transactions"] = report.transactions;
  out["recover_threads"] = report.recover_threads;
  out["ecrecover_per_second"] = report.ecrecover_per_second;
  out["signing_seconds"] = report.signing_seconds;
  out["accepted"] = result.accepted;
  out["accepted_per_second"] = report.accepted_per_second();
  out["included"] = result.included;
  out["included_per_second"] = report.included_per_second();
  out["included_to_ecrecover"] = report.included_to_ecrecover();
  out["blocks"] = result.blocks;
  out["refused"] = result.refused;
  out["first_refusal"] = result.first_refusal;
  out["included_twice"] = result.included_twice;
  out["stalled"] = result.stalled;
  out["latency_p50_ms"] = result.latency.p50_ms;
  out["latency_p90_ms"] = result.latency.p90_ms;
  out["latency_p99_ms"] = result.latency.p99_ms;
  out["latency_max_ms"] = result.latency.max_ms;
  return boost::json::serialize(out) + "\n";
}

}  // namespace aitbc::bench
