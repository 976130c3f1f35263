// What browsers are told about every answer, and which requests come from our own pages.
#pragma once

#include "kernel/http/message.hpp"

namespace kernel::web {

/// Adds the security headers. HTML gets the content security policy of pages; what else is shown in the
/// browser may load nothing at all. `secure`: the public face is https (HSTS).
void protect(http::Response& response, bool secure);

/// False for a request that another site's page made the browser send: Sec-Fetch-Site, and Origin against
/// Host. Clients that send neither (no browser of today) are left to the form token.
bool from_own_pages(const http::Request& request);

/// GET, HEAD and OPTIONS change nothing.
bool changes_state(const http::Request& request);

}  // namespace kernel::web
