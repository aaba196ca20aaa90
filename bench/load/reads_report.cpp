#include <boost/json.hpp>

#include <fmt/format.h>

#include "load/reads.hpp"

namespace aitbc::bench {

std::string text_of(const std::vector<ReadRate>& rates) {
  std::string out;
  for (const ReadRate& rate : rates)
    out += fmt::format(
        "{:<27} {:.0f} calls/s ({} a request), request p50 {:.3f} ms, p90 {:.3f} ms, p99 {:.3f} ms\n",
        rate.name, rate.calls_per_second(), rate.calls_per_request, rate.latency.p50_ms, rate.latency.p90_ms,
        rate.latency.p99_ms);
  return out;
}

std::string json_of(const std::vector<ReadRate>& rates) {
  boost::json::array out;
  for (const ReadRate& rate : rates) {
    boost::json::object& item = out.emplace_back(boost::json::object()).as_object();
    item["name"] = rate.name;
    item["calls_per_request"] = rate.calls_per_request;
    item["calls"] = rate.calls;
    item["seconds"] = rate.seconds;
    item["calls_per_second"] = rate.calls_per_second();
    item["latency_p50_ms"] = rate.latency.p50_ms;
    item["latency_p90_ms"] = rate.latency.p90_ms;
    item["latency_p99_ms"] = rate.latency.p99_ms;
    item["latency_max_ms"] = rate.latency.max_ms;
  }
  return boost::json::serialize(out) + "\n";
}

}  // namespace aitbc::bench
