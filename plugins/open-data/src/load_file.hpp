// A file becomes the rows of a resource, as one version more: all of it is there when the transaction commits, or nothing.
#pragma once

#include "catalogue.hpp"
#include "plugins/open-data/ingest/reader.hpp"
#include "spool.hpp"

namespace open_data {

struct Incoming {
    std::string path, file_name, media_type;
    std::optional<ingest::Recipe>
        recipe;  ///< how it is read; else as it is understood, with what people chose for the file before
    /// Asked when the rows are in, of the resource as it is by then: throws where the file is not wanted any more.
    std::function<void(const Resource& now)> check{};
};

struct Loaded {
    Resource resource;
    Json report;  ///< as to_json(Report, Recipe) of ingest/reader.hpp, and "resource_id"
};

class LoadFile {
public:
    /// `told`: rows so far, now and then; 0 while a workbook is read. It ends the load by throwing.
    using Told = std::function<void(std::uint64_t rows)>;

    LoadFile(const concejo::Call& call, concejo::Transaction& tx, std::string by)
        : call_(call), tx_(tx), by_(std::move(by)) {}

    /// Throws Error{invalid} for a file that is no table, Error{unavailable} where a workbook's reader was interrupted, with
    /// nothing changed once the transaction is rolled back. Without `told` somebody waits, and workbooks that take long
    /// are refused.
    Loaded operator()(Resource resource, const Incoming&, const Told& told = {});

private:
    struct Opened {
        std::unique_ptr<ingest::Source> source;
        std::vector<std::string> sheets;  ///< of a workbook
    };
    Opened open(const Resource&, const Incoming&, const Told&, Spool& rows) const;
    struct Filled {
        std::string table;
        ingest::Recipe recipe;
        ingest::Report report;
    };
    Filled fill(const ingest::Source&, const Resource&, const Incoming&, const Told&);
    std::optional<Filled> copy(const ingest::Source&, ingest::Recipe, ingest::Guess*, const Told&);
    std::string make_table(const ingest::Recipe&);
    Resource as_it_is_now(const std::string& id);

    const concejo::Call& call_;
    concejo::Transaction& tx_;
    std::string by_;
};

/// Drops the tables that no version of the last ones of each resource has, and the files made of older ones. For a job of its own: it
/// waits for readers.
inline constexpr int every_version = 1'000'000;  ///< for `kept`: only what was erased goes
void drop_old_tables(const concejo::Call&, int kept);

}  // namespace open_data
