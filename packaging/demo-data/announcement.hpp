// One announcement of the demonstration, with dates counted from today.
#pragma once

#include <string>
#include <vector>

namespace demo {

using Paragraphs = std::vector<std::string>;

struct Announcement {
    std::string reference, tipo, organo, titulo, resumen;
    int from;         ///< first day of exposure, in days from today (negative: already begun)
    int days;         ///< of exposure, both ends included
    Paragraphs body;  ///< may name {desde}, {hasta}, {anio} (next year's budget) and {hoy}
    std::string estado = "publicado";  ///< or borrador, retirado
    std::string motivo = {};           ///< of the withdrawal
    std::string corrige = {};          ///< reference of the announcement that it corrects
};

struct Municipality {
    std::string slug, name, place, language;
    std::string signature;    ///< "{lugar}, a {fecha}."
    std::string signer;       ///< office and (invented) person
    double red, green, blue;  ///< of its shield, 0 to 1
    std::vector<std::string> months;
    std::vector<Announcement> announcements;
};

Municipality valdehermoso();
Municipality riomar();

/// Paragraphs that edicts share.
namespace es {
Paragraphs initial_approval(const std::string& what, const std::string& article);
Paragraphs activity_licence(const std::string& who, const std::string& what, const std::string& where,
                            const std::string& file);
Paragraphs job_call(const std::string& post, const std::string& group, int posts, const std::string& exam);
Paragraphs job_list(const std::string& post, int admitted, int excluded);
Paragraphs tax_roll(const std::string& tax, const std::string& period);
Paragraphs plenary(const std::string& kind, const std::vector<std::string>& agenda);
Paragraphs grants(const std::string& what, const std::string& who, const std::string& credit,
                  const std::vector<std::string>& criteria);
Paragraphs contract(const std::string& object, const std::string& budget, const std::string& duration);
}  // namespace es
namespace gl {
Paragraphs initial_approval(const std::string& what, const std::string& article);
Paragraphs activity_licence(const std::string& who, const std::string& what, const std::string& where,
                            const std::string& file);
Paragraphs job_call(const std::string& post, const std::string& group, int posts, const std::string& exam);
Paragraphs tax_roll(const std::string& tax, const std::string& period);
Paragraphs plenary(const std::string& kind, const std::vector<std::string>& agenda);
Paragraphs grants(const std::string& what, const std::string& who, const std::string& credit);
}  // namespace gl

/// Joins what is shared with what is this announcement's own.
Paragraphs operator+(Paragraphs a, const Paragraphs& b);

}  // namespace demo
