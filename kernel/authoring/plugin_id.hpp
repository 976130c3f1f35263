// What a third party's plugin is called, and the names that follow from it.
#pragma once

#include <concejo/result.hpp>

#include <string>
#include <string_view>

namespace kernel::authoring {

class PluginId {
public:
    /// A reverse domain: "es.miayto.buzon", "es.miayto.buzon-vecinal". The error says what to change.
    static concejo::Result<PluginId, std::string> parse(std::string_view text);

    const std::string& text() const noexcept { return text_; }
    /// "es_miayto_buzon_vecinal": the beginning of its tables' names, its C++ namespace.
    std::string snake() const;
    /// "buzon-vecinal": in addresses.
    std::string name() const;
    /// "BuzonVecinal"
    std::string class_name() const;

private:
    explicit PluginId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Dots and hyphens become underscores: for any id, also of official plugins ("open-data").
std::string snake_of(std::string_view id);

}  // namespace kernel::authoring
