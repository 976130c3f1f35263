// What clerks bring for a resource, a file or the address of one: as forms ask for it, and as a dataset takes it.
#pragma once

#include "fields.hpp"
#include "pull.hpp"

namespace open_data {

struct Received {
    std::string path, name, media_type;
};

/// One of `file` and `url`.
struct Brought {
    std::optional<Received> file;
    std::string url, every;  ///< every: one of `how_often`
    bool as_it_is = false;   ///< no table: it is kept to be downloaded
    std::string title;       ///< of the resource; empty: as its file
};

/// The fields of a file, of its address, and of what both are called and how they are read.
void ask_for_data(const concejo::Request&, Fields&, std::string label, std::string hint);
/// The same without a file, as they were answered before.
void ask_for_address(const concejo::Request&, Fields&, const Brought& before);
/// What the form says; what is wrong with it is added to `wrong`.
Brought brought(const concejo::Request&, std::vector<Wrong>& wrong);

/// The frequencies, as the form says, else `now`.
void ask_how_often(const concejo::Request&, Fields&, std::string label, const std::string& now);
/// What the form says of the address, which may be none, and of the frequency; what is wrong is added to `wrong`.
std::pair<std::string, std::string> typed_pull(const concejo::Request&, std::vector<Wrong>& wrong);

/// Where the clerk goes then; nothing, and why in `wrong`, where it cannot be taken. A file is the next version of the resource
/// with its name, or a new one; long ones are loaded by a job. An address is a new one, asked for by a job.
std::optional<std::string> take_brought(const concejo::Request&, const Portal&, concejo::Transaction&,
                                        const Dataset&, const Brought&, std::vector<Wrong>& wrong);

/// The page of what is being fetched.
std::string fetch_path(const concejo::Request&, const Dataset&, const Resource&);
/// Of a dataset's page: [{"name","text","href","failed"}].
Json fetches_view(const concejo::Request&, concejo::Transaction&, const Dataset&);

}  // namespace open_data
