// A dataset of another catalogue, in the words that ours keeps: what both readers (CKAN, DCAT) make.
#pragma once

#include <concejo/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace open_data::harvest {

using concejo::Json;

/// How a source's datasets are taken; what it does not say of them.
struct Terms {
    std::string address;            ///< of the source, without a last "/"
    std::string sector;             ///< code, where no theme could be mapped; empty: none
    std::string license;            ///< code, where none is said; empty: none
    std::string publisher;          ///< DIR3, where none is said
    std::string organization;       ///< its name, for people
    std::vector<std::string> only;  ///< publishers (DIR3, or name in CKAN) that are taken; empty: all
    /// CKAN's short name of a licence → code; what it does not know comes back as it was.
    std::function<std::string(const std::string&)> license_called = [](const std::string& name) {
        return name;
    };
};

struct Item {
    std::string key;    ///< what tells it apart in its source
    std::string title;  ///< for people, also where it is refused
    std::string page;   ///< where people see it there; empty: nobody knows
    Json meta;          ///< as Dataset::meta, with {"origin"}: see harvested.hpp
    Json resources;     ///< [{"format","url","media_type","bytes","meta": {"name","description","origin"}}]
    Json notes =
        Json::array();         ///< [{"what": msgid with {valor}, "value"}]: what could not be taken as it is
    const char* refused = "";  ///< msgid; empty: it can be taken
    bool left_out = false;     ///< of a publisher that is not asked for
};

struct Page {
    std::vector<Item> items;
    std::string next;         ///< address; empty: the last
    std::int64_t total = -1;  ///< of the whole catalogue, where the source says it
    std::int64_t listed = 0;  ///< datasets of this page, also those that are left out
};

}  // namespace open_data::harvest
