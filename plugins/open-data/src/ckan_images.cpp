// The picture of an organization or a group: sent as a file, kept, and shown at an address of its own, as CKAN does.
#include "ckan_values.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace open_data::ckan {
namespace {

constexpr std::uint64_t largest_image = 2u << 20;  // as CKAN

/// What browsers draw and cannot run, by its first bytes: what its sender calls it says nothing. Null: none of them.
const char* image_type(const concejo::Upload& upload) {
    std::array<char, 12> first{};
    std::ifstream(upload.path, std::ios::binary).read(first.data(), first.size());
    const std::string_view bytes(first.data(), first.size());
    if (bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n") return "image/png";
    if (bytes.substr(0, 3) == "\xff\xd8\xff") return "image/jpeg";
    if (bytes.substr(0, 4) == "GIF8") return "image/gif";
    if (bytes.substr(0, 4) == "RIFF" && bytes.substr(8) == "WEBP") return "image/webp";
    return nullptr;
}

/// "2026-11-27-044608.683485logo.png": of this instant, so that no two have the same.
std::string image_name(Ask& ask, const concejo::Upload& upload) {
    auto name = ask.tx.exec("SELECT translate(open_data_written(now()), 'T:', '-')")[0].text(0);
    const auto sent = upload.filename.substr(upload.filename.find_last_of("/\\") + 1);
    std::string end;
    for (const char c : sent)
        if (c == ' ')
            end += '-';
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                 c == '_' || c == '-')
            end += c;
    return name + end.substr(end.size() - std::min<std::size_t>(end.size(), 70));
}

void take_image(Ask& ask, Organization& o, const concejo::Upload& upload) {
    if (upload.bytes > largest_image) throw invalid("image_upload", "File upload too large");
    const auto* type = image_type(upload);
    if (!type) throw invalid("image_upload", "Unsupported upload type: " + upload.media_type);
    o.meta["image"] =
        Json::object({{"blob", ask.request.put_file(ask.tx, upload.path, type)}, {"type", type}});
    o.meta["image_url"] = image_name(ask, upload);
}

void give_image(const concejo::Request& request, concejo::Reply& reply) {
    auto tx = request.begin();
    const auto rows = tx.exec(
        "SELECT meta #>> '{image,blob}', meta #>> '{image,type}' FROM open_data_organization "
        "WHERE meta ->> 'image_url' = $1 AND state = 'active' AND meta #>> '{image,blob}' <> ''",
        request.segment("file"));
    if (rows.empty())
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ninguna imagen con esa dirección."));
    reply.field("Access-Control-Allow-Origin", "*");
    reply.blob(rows[0].view(0), rows[0].view(1), request.segment("file"), false);
}

}  // namespace

void apply_image(Ask& ask, Organization& o, const std::string& before) {
    const auto sent = std::find_if(ask.uploads.begin(), ask.uploads.end(), [](const auto& one) {
        return one.field == "image_upload" && one.bytes > 0;
    });
    const bool clear = ask.args.flag("clear_upload", false);
    const auto said = o.meta.string_or("image_url", "");
    if (const Json held = o.meta["image"]; held.is_object()) {
        // A name alone can only mean the file that is here, whatever it was called where it comes from.
        if (sent == ask.uploads.end() && !clear && !said.empty() && said.find("://") == std::string::npos) {
            o.meta["image_url"] = before;
            return;
        }
        ask.request.remove_blob(ask.tx, held.string_or("blob", ""));
        o.meta["image"] = Json();
        if (said == before) o.meta["image_url"] = "";
    }
    if (sent != ask.uploads.end()) take_image(ask, o, *sent);
}

}  // namespace open_data::ckan

namespace open_data {

void register_organization_images(concejo::Kernel& kernel) {
    kernel.bare("GET", "/uploads/group/:file", ckan::give_image);
}

}  // namespace open_data
