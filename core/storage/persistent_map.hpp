// An ordered map of byte strings whose copies are snapshots: copying costs O(1), changing one copy leaves the
// others as they were and costs O(log n).
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"

namespace aitbc {

// A treap with shared nodes. The priorities are a hash of the key, so its shape depends on its content only.
// Copies may be read and changed in different threads; one object may not.
class PersistentMap {
 public:
  struct Entry {
    Bytes key;
    Bytes value;
  };

  void put(ByteView key, Bytes value);
  void erase(ByteView key);

  // Pointers hold while this object, or a copy of it, holds the entry. nullptr: there is none.
  const Entry* find(ByteView key) const;
  const Entry* first_at_or_after(ByteView key) const;
  const Entry* first_after(ByteView key) const;
  const Entry* last_at_or_before(ByteView key) const;
  const Entry* last_before(ByteView key) const;

 private:
  struct Node;
  using Link = std::shared_ptr<const Node>;
  struct Halves;

  static Halves split(const Link& tree, ByteView key);
  static Link merge(const Link& left, const Link& right);
  static Link insert(const Link& tree, const Link& leaf);
  static Link remove(const Link& tree, ByteView key);

  Link root_;
};

}  // namespace aitbc
