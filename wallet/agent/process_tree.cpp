#include "wallet/agent/process_tree.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace aitbc::agent {
namespace {

struct Entry {
  pid_t parent = 0;
  bool is_dead = false;  // a zombie
  std::uint64_t resident_bytes = 0;
};

// From /proc/PID/stat: "PID (name) state ppid ...", where the name may hold anything; field 24 is the
// resident size in pages.
bool read_entry(const std::filesystem::path& folder, Entry& out) {
  std::ifstream file(folder / "stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  const char* at = text.c_str() + name_end + 1;
  const char* end = text.c_str() + text.size();
  for (int field = 3; at < end; ++field) {
    while (at < end && *at == ' ') ++at;
    if (field == 3) out.is_dead = *at == 'Z' || *at == 'X';
    if (field == 4) std::from_chars(at, end, out.parent);
    if (field == 24) {
      std::uint64_t pages = 0;
      std::from_chars(at, end, pages);
      out.resident_bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
      return true;
    }
    while (at < end && *at != ' ') ++at;
  }
  return false;
}

std::map<pid_t, Entry> all_processes() {
  std::map<pid_t, Entry> out;
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = folder.path().filename().string();
    pid_t pid = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed != std::errc{} || end != name.data() + name.size()) continue;
    Entry entry;
    if (read_entry(folder.path(), entry)) out.emplace(pid, entry);
  }
  return out;
}

}  // namespace

ProcessTree descendants() {
  const std::map<pid_t, Entry> all = all_processes();
  std::multimap<pid_t, pid_t> children;
  for (const auto& [pid, entry] : all) children.emplace(entry.parent, pid);
  ProcessTree out;
  std::vector<pid_t> parents{::getpid()};
  while (!parents.empty()) {
    const pid_t parent = parents.back();
    parents.pop_back();
    const auto [first, last] = children.equal_range(parent);
    for (auto child = first; child != last; ++child) {
      parents.push_back(child->second);
      const Entry& entry = all.at(child->second);
      if (entry.is_dead) continue;
      out.processes.push_back(child->second);
      out.resident_bytes += entry.resident_bytes;
    }
  }
  return out;
}

void adopt_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void kill_descendants() {
  // A process can still fork between being seen and being killed, so look again until there is none.
  for (;;) {
    const ProcessTree tree = descendants();
    for (const pid_t pid : tree.processes) ::kill(pid, SIGKILL);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (tree.processes.empty()) return;
    ::usleep(2'000);
  }
}

}  // namespace aitbc::agent
