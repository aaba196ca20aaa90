// The ABI JSON and the Solidity interface.
#include <map>

#include "marketplace/abi.hpp"
#include "marketplace/json_writer.hpp"

namespace aitbc::market {
namespace {

std::string internal_type(const AbiParam& param) {
  if (param.struct_name.empty()) return param.type;
  return "struct IMarketplace." + param.struct_name + param.type.substr(5);
}

void write_params(JsonWriter& out, const std::vector<AbiParam>& params, bool of_event) {
  out.begin_array();
  for (const AbiParam& param : params) {
    out.begin_object();
    out.key("name").text(param.name).key("type").text(param.type);
    out.key("internalType").text(internal_type(param));
    if (of_event) out.key("indexed").boolean(param.indexed);
    if (!param.components.empty()) {
      out.key("components");
      write_params(out, param.components, false);
    }
    out.end_object();
  }
  out.end_array();
}

template <class Entry>
void write_entry(JsonWriter& out, std::string_view type, const Entry& entry, bool of_event) {
  out.begin_object().key("type").text(type).key("name").text(entry.name).key("inputs");
  write_params(out, entry.inputs, of_event);
}

// "GpuSpec[] calldata spec"
std::string solidity_param(const AbiParam& param, std::string_view location) {
  std::string out = param.struct_name.empty() ? param.type : param.struct_name + param.type.substr(5);
  const bool by_reference = !param.struct_name.empty() || param.type.ends_with("[]") ||
                            param.type == "string" || param.type == "bytes";
  if (by_reference && !location.empty()) out += " " + std::string(location);
  if (param.indexed) out += " indexed";
  return out + " " + param.name;
}

std::string solidity_params(const std::vector<AbiParam>& params, std::string_view location) {
  std::string out = "(";
  for (const AbiParam& param : params) out += (out.size() > 1 ? ", " : "") + solidity_param(param, location);
  return out + ")";
}

using Structs = std::map<std::string, const AbiParam*>;
void collect_structs(const std::vector<AbiParam>& params, Structs& structs) {
  for (const AbiParam& param : params) {
    collect_structs(param.components, structs);
    if (!param.struct_name.empty()) structs.emplace(param.struct_name, &param);
  }
}

std::string solidity_structs() {
  Structs structs;
  for (const Call& call : calls()) {
    collect_structs(call.inputs, structs);
    collect_structs(call.outputs, structs);
  }
  std::string out;
  for (const auto& [name, param] : structs) {
    out += "    struct " + name + " {\n";
    for (const AbiParam& member : param->components) {
      out += "        " + solidity_param(member, "") + ";";
      for (std::size_t i = 0; i < member.enum_names.size(); ++i)
        out += (i == 0 ? " // " : ", ") + std::to_string(i) + " " + member.enum_names[i];
      out += "\n";
    }
    out += "    }\n\n";
  }
  return out;
}

}  // namespace

std::string abi_json() {
  JsonWriter out;
  out.begin_array();
  for (const Call& call : calls()) {
    write_entry(out, "function", call, false);
    out.key("outputs");
    write_params(out, call.outputs, false);
    out.key("stateMutability").text(call.is_view() ? "view" : "nonpayable").end_object();
  }
  for (const EventEntry& event : events()) {
    write_entry(out, "event", event, true);
    out.key("anonymous").boolean(false).end_object();
  }
  for (const ErrorEntry& error : errors()) {
    write_entry(out, "error", error, false);
    out.end_object();
  }
  out.end_array();
  return out.take();
}

std::string solidity_interface() {
  std::string out =
      "// SPDX-License-Identifier: CC0-1.0\n"
      "// Generated from the call table; see docs/marketplace.md.\n"
      "pragma solidity ^0.8.4;\n\n"
      "/// The GPU marketplace at 0x00000000000000000000000000000000000a17bc.\n"
      "/// Amounts and prices are in base units (10^-18 AIT), prices per hour, times in seconds.\n"
      "interface IMarketplace {\n";
  out += solidity_structs();
  for (const EventEntry& event : events())
    out += "    /// " + std::string(event.meaning) + "\n    event " + std::string(event.name) +
           solidity_params(event.inputs, "") + ";\n";
  out += "\n";
  for (const ErrorEntry& error : errors())
    out += "    /// " + std::string(error.meaning) + "\n    error " + std::string(error.name) +
           solidity_params(error.inputs, "") + ";\n";
  for (const Call& call : calls()) {
    out += "\n    /// " + std::string(call.meaning) + "\n    function " + std::string(call.name) +
           solidity_params(call.inputs, "calldata") + " external" + (call.is_view() ? " view" : "");
    if (!call.outputs.empty()) out += " returns " + solidity_params(call.outputs, "memory");
    out += ";\n";
  }
  return out + "}\n";
}

}  // namespace aitbc::market
