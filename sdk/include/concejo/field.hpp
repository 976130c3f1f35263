// Fields of a form as the theme draws them: the views of components/text, components/select and their like.
#pragma once

#include <concejo/json.hpp>

#include <string>

namespace concejo::inline v1 {

/// What people read and write of one field. `name` is its id too; `error`: what is wrong with it, empty if nothing is.
struct Field {
    std::string name, label, value = {}, hint = {}, error = {};
    bool optional = false;
};

/// {"id","name","label","value","hint","optional","error","described","type","autocomplete","inputmode","maxlength","width",
/// "rows"}: as a line of text, with the hint and the error as its description; whoever draws another kind changes the rest.
inline Json field_view(Field field) {
    std::string described = field.hint.empty() ? "" : field.name + "-a";
    if (!field.error.empty()) described += (described.empty() ? "" : " ") + field.name + "-e";
    return Json::object({{"id", field.name},
                         {"name", std::move(field.name)},
                         {"label", std::move(field.label)},
                         {"value", std::move(field.value)},
                         {"hint", std::move(field.hint)},
                         {"optional", field.optional},
                         {"error", std::move(field.error)},
                         {"described", std::move(described)},
                         {"type", "text"},
                         {"autocomplete", "off"},
                         {"inputmode", ""},
                         {"maxlength", ""},
                         {"width", ""},
                         {"rows", 4}});
}

}  // namespace concejo::inline v1
