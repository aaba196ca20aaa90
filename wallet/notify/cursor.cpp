#include "wallet/notify/cursor.hpp"

#include "codec/hex.hpp"
#include "wallet/files.hpp"

namespace aitbc::notify {

Cursor::Cursor(const std::filesystem::path& state_folder, const std::string& channel)
    : path_(state_folder / (channel + ".cursor.json")) {}

Result<std::optional<ChannelState>> Cursor::load() const {
  const auto text = wallet::read_small_file(path_, 1U << 16);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<ChannelState>();
  if (!text) return fail(text.error());
  const auto json = cli::Json::parse(*text).value_or(cli::Json());
  const auto genesis = hex::decode_fixed<Hash>(json["genesis"].text());
  const auto block = json["next_block"].u64();
  const auto log = json["next_log"].u64();
  const auto chain_id = json["chain_id"].u64();
  if (!genesis || !block || !log || !chain_id)
    return fail(ErrorCode::corruption, path_.string() + " is damaged; delete it to start the channel anew");
  ChannelState out;
  out.chain_id = *chain_id;
  out.genesis = *genesis;
  out.next = {*block, *log};
  out.attempting = json["attempting"].is_true();
  out.delivered = json["delivered"].u64().value_or(0);
  out.refused = json["refused"].u64().value_or(0);
  out.uncertain = json["uncertain"].u64().value_or(0);
  return std::optional(out);
}

Result<void> Cursor::store(const ChannelState& state) const {
  cli::JsonObject out;
  out.number("chain_id", state.chain_id).text("genesis", hex::encode_prefixed(state.genesis));
  out.number("next_block", state.next.block).number("next_log", state.next.log);
  out.boolean("attempting", state.attempting).number("delivered", state.delivered);
  out.number("refused", state.refused).number("uncertain", state.uncertain);
  return wallet::replace_file(path_, out.str() + "\n");
}

}  // namespace aitbc::notify
