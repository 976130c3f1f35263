// Answers that say no: pages in the theme and the language, problem+json (RFC 9457) for programs, and a small
// built-in page for when the theme itself fails. Thread-safe; fit for edge threads.
#pragma once

#include "kernel/web/pages.hpp"

#include <string>
#include <string_view>

namespace kernel::web {

class ErrorPages {
public:
    ErrorPages(Pages& pages, bool secure) : pages_(pages), secure_(secure) {}

    /// `detail` is shown to the visitor; empty: the page's own words suffice. `lang` says its language where
    /// that is not the page's. JSON where for_programs().
    http::Response answer(Visit& visit, int status, std::string_view detail = {},
                          std::string_view lang = {}) const;
    /// For a host that belongs to nobody: nothing of any municipality in it.
    http::Response misdirected(const http::Request* request) const;
    /// A request of which perhaps nothing is known.
    http::Response plain(int status, std::string_view request_id) const;

    /// The API, and addresses without language where JSON was asked for: nobody reads a page there.
    static bool for_programs(const Visit& visit);
    static http::Response problem(int status, std::string_view detail, std::string_view request_id);

private:
    Pages& pages_;
    bool secure_;
};

}  // namespace kernel::web
