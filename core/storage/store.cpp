#include "storage/store.hpp"

#include <iterator>
#include <utility>

#include "base/check.hpp"

namespace aitbc {

const char* table_name(Table table) {
  switch (table) {
    case Table::meta:
      return "meta";
    case Table::blocks:
      return "blocks";
    case Table::index:
      return "index";
    case Table::state:
      return "state";
    case Table::trie:
      return "trie";
    case Table::history:
      return "history";
    case Table::mempool:
      return "mempool";
    case Table::consensus:
      return "consensus";
  }
  AITBC_CHECK(false, "unknown table");
  return "";
}

void WriteBatch::append(WriteBatch other) {
  if (operations_.empty()) {
    operations_ = std::move(other.operations_);
    return;
  }
  operations_.insert(operations_.end(), std::make_move_iterator(other.operations_.begin()),
                     std::make_move_iterator(other.operations_.end()));
}

}  // namespace aitbc
