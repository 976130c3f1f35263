// What a template's HTML may not hold: the page would break the content security policy, shut people out,
// or stay untranslated.
#pragma once

#include "kernel/themes/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

/// Every defect of one file, in its order:
/// style= and on*= attributes, <style>, <script> with a body, unquoted attributes, addresses of other hosts
/// in link, script, img, iframe, source, video, audio and use, an img without alt, Spanish text outside
/// {{#_}}…{{/_}} (also in alt, title, placeholder and aria-label).
std::vector<ThemeError> lint_template(std::string_view text, const std::string& file);

/// A shield as SVG: has a viewBox, at most 20 KiB, no script, no event attributes, no foreignObject, no
/// reference outside the file, no DOCTYPE. Throws ThemeError.
void check_shield(std::string_view svg, const Place& place);

}  // namespace kernel::themes
