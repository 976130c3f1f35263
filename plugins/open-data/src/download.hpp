// A file of another server: how it is asked for, what it is called, and what of the answers is no file.
#pragma once

#include "dataset.hpp"

#include <concejo/call.hpp>
#include <concejo/error.hpp>

namespace open_data {

inline constexpr std::int64_t largest_download = 512 << 20;  ///< bytes
inline constexpr std::size_t longest_url = 2000;

/// What is wrong with what was asked for, and what whoever asked can do; both in Spanish, marked with N_.
class NoFile : public concejo::Error {
public:
    NoFile(concejo::ErrorKind kind, const std::string& message, std::string advice)
        : Error(kind, message), advice_(std::move(advice)) {}
    const std::string& advice() const { return advice_; }

private:
    std::string advice_;
};

/// Whether it may be the address of a file: http or https, a server, no blanks.
bool is_web_address(std::string_view);

/// `etag`, `modified`: of the one that there is, so that the server need not send it again; status 304 then.
/// Throws NoFile for every other status than 200 and for a file that is too large or empty, or a web page.
concejo::HttpAnswer download(const concejo::Call&, const std::string& url, const std::string& etag,
                             const std::string& modified);

/// The first field of that name (in small letters); empty where there is none.
std::string header_of(const concejo::HttpAnswer&, std::string_view name);

/// "text/csv", without parameters; empty where the server says none.
std::string media_type_of(const concejo::HttpAnswer&);

/// As the server calls it, else as the address ends; with the ending of its media type where it has none.
/// `content_disposition`: RFC 6266.
std::string name_of_download(std::string_view url, std::string_view content_disposition,
                             std::string_view media_type);

}  // namespace open_data
