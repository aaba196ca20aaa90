#include "node/rest/registry.hpp"

#include <algorithm>

namespace aitbc::rest {
namespace {

std::vector<std::string> template_segments(std::string_view path) {
  std::vector<std::string> out;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    out.push_back(segment.starts_with('{') ? "{" + std::string(segment.substr(segment.find('}') + 1))
                                           : std::string(segment));
    path.remove_prefix(segment.size());
  }
  return out;
}

// The placeholder's value when the segment fits; empty when it does not.
std::string_view value_of(std::string_view wanted, std::string_view given) {
  const std::string_view suffix = wanted.substr(1);
  return given.ends_with(suffix) ? given.substr(0, given.size() - suffix.size()) : std::string_view();
}

// How many segments are the same word; nullopt when the path is another one.
std::optional<std::size_t> fit(std::span<const std::string> wanted, std::span<const std::string> given) {
  if (wanted.size() != given.size()) return std::nullopt;
  std::size_t same = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !value_of(wanted[i], given[i]).empty()) continue;
    if (wanted[i] != given[i]) return std::nullopt;
    ++same;
  }
  return same;
}

}  // namespace

RestResult<Answer> Done::event(std::string_view name) const {
  for (const market::Decoded& event : events)
    if (event.name == name) return Answer::parse(event.arguments_json);
  return refuse(500, "the transaction succeeded without the event " + std::string(name));
}

RestResult<void> check_issues(Issues issues) {
  if (issues.empty()) return {};
  const Issue& first = issues.front();
  if (first.where.front() == "path") return refuse(404, first.where.back() + " not found: " + first.message);
  Problem problem{422, "the request does not fit", std::move(issues), {}, 0};
  return refuse(std::move(problem));
}

Operation Registry::begin(const Describe& about) {
  Operation out;
  out.id = about.id;
  out.method = about.method;
  out.path = about.path;
  out.tag = about.tag;
  out.summary = about.summary;
  out.success = about.success;
  out.shape = about.shape;
  out.is_list = about.is_list;
  out.reads_pool = about.reads_pool;
  out.errors.assign(about.errors.begin(), about.errors.end());
  return out;
}

std::vector<std::string> Registry::placeholders(std::string_view path) {
  std::vector<std::string> out;
  for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
    out.emplace_back(path.substr(at + 1, path.find('}', at) - at - 1));
  return out;
}

void Registry::add(Operation operation) {
  for (const Operation& other : operations_) AITBC_CHECK(other.id != operation.id, "two routes of one name");
  segments_.push_back(template_segments(operation.path));
  operations_.push_back(std::move(operation));
}

void Registry::pass_on(const Describe& about, Finish finish) {
  Operation operation = begin(about);
  operation.takes_any_transaction = true;
  operation.accept = [finish](const RestBackend&, const Inputs&,
                              const market::Decoded&) -> RestResult<Finish> { return finish; };
  operation.plan = [](const RestBackend&, const Inputs&) -> RestResult<PlannedCall> {
    Issues issues;
    report_missing({"body", "signed_transaction"}, issues);
    return refuse(std::move(check_issues(std::move(issues))).error());
  };
  add(std::move(operation));
}

Registry::Match Registry::find(std::string_view method, const std::vector<std::string>& segments) const {
  if (method == "HEAD") method = "GET";
  std::vector<std::string> versioned = segments;
  if (versioned.empty() || versioned.front() != "v1") versioned.insert(versioned.begin(), "v1");
  Match match;
  std::optional<std::size_t> best;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    const auto found = fit(segments_[i], versioned);
    if (!found || (best && *found < *best)) continue;
    if (!best || *found > *best) match = {};  // a better path hides what only placeholders fit
    best = found;
    if (operations_[i].method == method) {
      match.operation = &operations_[i];
      chosen = i;
    }
    match.allowed_methods += (match.allowed_methods.empty() ? "" : ", ") + operations_[i].method;
  }
  if (match.operation != nullptr)
    for (std::size_t i = 0; i < versioned.size(); ++i)
      if (segments_[chosen][i].starts_with('{'))
        match.values.emplace_back(value_of(segments_[chosen][i], versioned[i]));
  return match;
}

}  // namespace aitbc::rest
