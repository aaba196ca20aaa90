#include "wallet/notify/message.hpp"

#include "codec/utf8.hpp"

namespace aitbc::notify {
namespace {

using cli::json_array;
using cli::JsonObject;

// Below Slack's 3000 for a section and Discord's 1024 for a field and 256 for a title.
constexpr std::size_t kMaxValue = 200;
constexpr std::size_t kMaxFields = 20;
constexpr std::uint64_t kGreen = 0x00ff00;

std::string cut(std::string text) {
  if (text.size() <= kMaxValue) return text;
  text.resize(kMaxValue);
  while (!is_utf8(text)) text.pop_back();  // not in the middle of a character
  return text + "...";
}

// In Slack <...> are mentions and links, and *, ~ and ` format.
std::string for_slack(const std::string& text) {
  std::string out;
  for (const char c : cut(text)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '*' || c == '~' || c == '`' || c == '\n' || c == '\r')
      out += ' ';
    else
      out += c;
  }
  return out;
}

// In Discord these format; a backslash before them shows them.
std::string for_discord(const std::string& text) {
  constexpr std::string_view kSpecial = "\\*~`|<>[]()#@";
  std::string out;
  for (const char c : cut(text)) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string link_to(const std::string& link, const MarketEvent& event) {
  std::string out = link;
  const std::size_t at = out.find("{tx}");
  if (at != std::string::npos) out.replace(at, 4, event.transaction);
  return out;
}

std::string slack_section(const std::string& markdown) {
  const std::string text = JsonObject().text("type", "mrkdwn").text("text", markdown).str();
  return JsonObject().text("type", "section").raw("text", text).str();
}

std::string slack_button(const std::string& label, const std::string& url) {
  const std::string text = JsonObject().text("type", "plain_text").text("text", label).str();
  const std::string button = JsonObject().text("type", "button").raw("text", text).text("url", url).str();
  return JsonObject().text("type", "actions").raw("elements", json_array({button})).str();
}

std::string slack_blocks(const std::string& markdown, const std::string& label, const std::string& url) {
  std::vector<std::string> blocks{slack_section(markdown)};
  if (!url.empty()) blocks.push_back(slack_button(label, url));
  return json_array(blocks);
}

std::string slack_auction(const MarketEvent& event, const std::string& url) {
  const std::string markdown = "*New Auction Alert*\n\n*Title:* " + for_slack(event.shown("title")) +
                               "\n*Starting Price:* " + event.shown("price") + "\n*Category:* " +
                               for_slack(event.shown("auctionType"));
  JsonObject out;
  out.text("text", "New auction created: " + for_slack(event.shown("title")));
  return out.raw("blocks", slack_blocks(markdown, "View Auction", url)).str();
}

std::string headline_of(const MarketEvent& event) {
  return event.subject.empty() ? event.headline : event.headline + ": " + event.subject;
}

}  // namespace

std::string slack_message(const MarketEvent& event, const std::string& link) {
  const std::string url = link_to(link, event);
  if (event.name == "AuctionCreated") return slack_auction(event, url);
  if (event.name == "AuctionBidPlaced")
    return JsonObject()
        .text("text",
              "New bid of " + event.shown("amount") + " placed on auction " + event.shown("auctionId"))
        .str();
  std::string markdown = "*" + event.headline + "*\n";
  for (std::size_t i = 0; i < event.fields.size() && i < kMaxFields; ++i)
    markdown += "\n*" + event.fields[i].title + ":* " + for_slack(event.fields[i].value);
  JsonObject out;
  out.text("text", headline_of(event));
  return out.raw("blocks", slack_blocks(markdown, "View Transaction", url)).str();
}

std::string discord_message(const MarketEvent& event, const std::string& link) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < event.fields.size() && i < kMaxFields; ++i) {
    JsonObject field;
    field.text("name", event.fields[i].title).text("value", for_discord(event.fields[i].value));
    fields.push_back(field.boolean("inline", true).str());
  }
  JsonObject embed;
  embed.text("title", headline_of(event))
      .text("description", event.name + " in block " + std::to_string(event.at.block));
  embed.raw("fields", json_array(fields)).number("color", kGreen);
  if (!link.empty()) embed.text("url", link_to(link, event));
  JsonObject out;
  out.raw("embeds", json_array({embed.str()}));
  return out.raw("allowed_mentions", R"({"parse":[]})").str();
}

std::string message_for(const Channel& channel, const MarketEvent& event, const std::string& link) {
  return channel.type == ChannelType::slack ? slack_message(event, link) : discord_message(event, link);
}

}  // namespace aitbc::notify
