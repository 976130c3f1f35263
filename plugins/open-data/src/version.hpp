// Each load of a resource: when, what of it is kept, and who may see it.
#pragma once

#include "portal.hpp"
#include "records.hpp"

namespace open_data {

struct Version {
    int number = 0;
    std::string blob;  ///< SHA-256 of the file as it came; empty: its rows were written through the API
    std::string file_name, table, loaded_by;
    std::int64_t bytes = 0, read = 0, accepted = 0, rejected = 0;
    std::int64_t loaded_at = 0;  ///< Unix seconds
    bool is_public = false;      ///< everybody saw it once
    bool cited = false;          ///< a snapshot that stays
    std::string dump;            ///< of a cited one: SHA-256 of its rows as CSV
    std::int64_t dump_bytes = 0;
    std::string csv, dump_csv;  ///< codes of verification; empty: not sealed
    bool erased = false;
    std::int64_t erased_at = 0;  ///< Unix seconds
    std::string erased_reason;

    bool has_rows() const { return !table.empty() && !erased; }
    bool has_file() const { return !blob.empty() && !erased; }
};

class Versions {
public:
    explicit Versions(concejo::Transaction& tx) : tx_(tx) {}

    /// The last ones first, before `before` where it is given; only public ones unless `all`.
    std::vector<Version> list(const Resource&, bool all, int most, int before = 0);
    std::optional<Version> find(const Resource&, int number);
    /// The one before it that whoever asks may see and that has rows; nothing where there is none.
    std::optional<Version> before(const Resource&, int number, bool all);

private:
    std::vector<Version> read(const std::string& tail, const std::vector<concejo::Param>&);
    concejo::Transaction& tx_;
};

/// The resource as it was then: its rows and columns are that version's.
Resource as_of(concejo::Transaction&, const Resource&, const Version&);
/// What the columns of a table are now, `_id` first.
std::vector<Field> fields_in(concejo::Transaction&, const std::string& table);

/// The version that the address says, where whoever asks may see it; throws Error{not_found} else.
Version need_version(const Portal&, concejo::Transaction&, const Resource&, std::string_view number);

/// Its page, and the address that is cited and stays.
std::string version_url(const Portal&, const Dataset&, const Resource&, int number);
std::string permanent_url(const Portal&, const Resource&, int number);
/// The name of the file as it came, in addresses.
std::string slug_of_file(const std::string& name);

void register_versions(concejo::Kernel&);
void register_changes(concejo::Kernel&);

}  // namespace open_data
