#include "node/p2p/head_gossip.hpp"

namespace aitbc::p2p {

void HeadGossip::announce(const Head& head) {
  head_ = head;
  is_told_ = false;
  if (!is_pausing_) send();
}

void HeadGossip::send() {
  const Frame frame = make_frame(NewHead{head_});
  for (const Peer& peer : network_.peers()) network_.send(peer.id, frame);
  is_told_ = true;
  is_pausing_ = true;
  timer_ = runtime_.set_timer(runtime_.now() + kPause, [this] { after_pause(); });
}

void HeadGossip::after_pause() {
  is_pausing_ = false;
  if (!is_told_) return send();
  timer_ = runtime_.set_timer(runtime_.now() + kRepeat, [this] { send(); });
}

}  // namespace aitbc::p2p
