// index rebuild: makes the search index again from a chain that no node has open.
#include <cstdio>

#include "node/commands/commands.hpp"
#include "node/opened_chain.hpp"
#include "node/progress.hpp"
#include "node/search/search_index.hpp"

namespace aitbc::commands {

int index_rebuild(const NodeConfig& config) {
  if (!std::filesystem::exists(config.database_path()))
    return report({ErrorCode::invalid_input, "there is no database in " + config.data_dir.string()});
  const auto opened = open_chain(config, OpenMode::follower);
  if (!opened) return report(opened.error());
  const StopSignals signals;
  ProgressLine line("indexing");
  const auto done = search::SearchIndex::rebuild(config.search_path(), *(*opened)->chain,
                                                 [&](const search::IndexProgress& progress) {
                                                   line.update(progress.done, progress.total, progress.what);
                                                   return !signals.stopped();
                                                 });
  if (!done) {
    const int status = report(done.error());
    return signals.stopped() ? static_cast<int>(kInterrupted) : status;
  }
  std::printf("ok: the search index is complete up to block %llu\n",
              static_cast<unsigned long long>((*opened)->chain->view()->head.number));
  return kOk;
}

}  // namespace aitbc::commands
