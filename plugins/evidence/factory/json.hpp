// A document model as JSON, for those who ask a child to draw it.
#pragma once

#include "plugins/evidence/factory/document.hpp"

#include <concejo/json.hpp>

namespace evidence::factory {

/// {"title","language","author","subject","application","created":unix,"page_label",
///  "letterhead":{"name","unit","shield":{"bytes":base64,"alt"},"accent":[r,g,b]},
///  "verification":{"csv_label","csv","url_label","url","note","mark"},
///  "blocks":[{"heading":{"level","text"}}, {"paragraph":{"text":T,"align","keep_with_next"}},
///            {"list":{"items":[T],"numbered"}}, {"definitions":[{"label","value":T}]},
///            {"table":{"caption","columns":[{"header","align"}],"rows":[[T]],"row_headers"}},
///            {"note":{"title","text":T,"warning"}}, {"page_break":{}}, {"signature_space":{}}]}
/// where T is a text, or a list of {"text","bold","italic","code","link"}, and "align" is left, centre or right.
/// Throws Error{invalid} for a block that is none of these.
Document document_from(const concejo::Json&);

}  // namespace evidence::factory
