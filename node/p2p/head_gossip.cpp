#include "node/p2p/head_gossip.hpp"

#include <utility>

namespace aitbc::p2p {

void HeadGossip::announce(const Head& head) {
  if (pause_)
    latest_ = head;
  else
    send(head);
}

void HeadGossip::send(const Head& head) {
  const Frame frame = make_frame(NewHead{head});
  for (const Peer& peer : network_.peers()) network_.send(peer.id, frame);
  pause_ = runtime_.set_timer(runtime_.now() + kPause, [this] {
    pause_.reset();
    if (const auto latest = std::exchange(latest_, std::nullopt)) send(*latest);
  });
}

}  // namespace aitbc::p2p
