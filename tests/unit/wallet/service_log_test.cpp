#include "wallet/cli/service_log.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "wallet/cli/json.hpp"

using namespace aitbc;

namespace {

constexpr std::uint64_t kMoment_ms = 1'767'323'045'678;

std::string logged(bool json) {
  std::ostringstream out;
  cli::ServiceLog log(out, json, "aitbc-provider", [] { return kMoment_ms; });
  log.warning("a job\nfailed", {{"job", "job_5"}, {"reason", "\"killed\"\n"}});
  return out.str();
}

}  // namespace

TEST_CASE("a line for programs has the members of every line and the message's own beside them") {
  const std::string text = logged(true);
  CHECK(text.find('\n') == text.size() - 1);
  const auto line = cli::Json::parse(text).value();
  CHECK(line["timestamp"].text() == "2026-01-02T03:04:05.678Z");
  CHECK(line["service"].text() == "aitbc-provider");
  CHECK(line["level"].text() == "WARNING");
  CHECK(line["message"].text() == "a job\nfailed");
  CHECK(line["job"].text() == "job_5");
  CHECK(line["reason"].text() == "\"killed\"\n");
  for (const char* name : {"logger", "module", "function", "line"}) CHECK_FALSE(line[name].is_null());
}

TEST_CASE("a line for people is one line, whatever the message is") {
  const std::string text = logged(false);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(text.starts_with("2026-01-02T03:04:05.678Z WARNING "));
  CHECK(text.find("job=job_5") != std::string::npos);
}
