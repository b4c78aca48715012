# ruff: noqa: E501  (tables of words, read across)
"""The parts that names of invented people are put together from.

Given and family names are common ones of their language; who bears a pair of them
here is chance. "Дарья|Darya" is a name and how it is spelt in Latin letters.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]  # city, region, country
    family_first: bool = False
    space: str = " "


def _names(text: str) -> tuple[str, ...]:
    """Split at spaces; an underscore stands for a space within a name."""
    return tuple(part.replace("_", " ") for part in text.split())


LANGUAGES = (
    Language(
        14,
        _names("Ada Amelia Ben Callum Charlotte Daniel Edith Eleanor Freya George Grace Hannah Harriet Imogen Isaac Jack Joel Lucy Maeve Marcus Nathan Nora Oliver Owen Poppy Rhys Rosie Sam Theo Tom"),
        _names("Abbott Barlow Birch Blackwood Carver Dunmore Ellery Fairfax Garrick Hartley Holloway Kerr Lockwood Marsh Mercer Norwood O’Dwyer Pemberton Quill Ravenscroft Sallow Thorne Underhill Vance Whitlock Wren"),
        (("London", "", "United Kingdom"), ("Bristol", "", "United Kingdom"), ("Edinburgh", "Scotland", "United Kingdom"), ("Boston", "Massachusetts", "United States"), ("Portland", "Oregon", "United States"), ("Chicago", "Illinois", "United States"), ("Toronto", "Ontario", "Canada")),
    ),
    Language(
        14,
        _names("Anneliese Björn Clara Dörte Emil Felix Frieda Greta Hannes Ida Jannik Jörg Jürgen Käthe Lena Leonie Lukas Malte Mia Moritz Nele Paul Ronja Sören Svenja Till Ulrike Zoë"),
        _names("Ackermann Böhme Brandt Dreßler Engelhardt Freitag Gößling Hübner Jäger Kästner Krüger Lindner Möller Nachtigall Oelze Pfeiffer Quast Rößler Schöne Straßburg Täuber Überschär Vogt Weiß Wüst Zöllner"),
        (("Berlin", "", "Germany"), ("Hamburg", "", "Germany"), ("Leipzig", "Saxony", "Germany"), ("München", "Bavaria", "Germany"), ("Zürich", "", "Switzerland"), ("Wien", "", "Austria")),
    ),
    Language(
        8,
        _names("Agnès Aurélie Benoît Camille Chloé Cléo Élodie Éric François Gaëlle Hélène Inès Jérôme Joël Léa Loïc Maël Noémie Océane Rémi Solène Théo Zoé"),
        _names("Aubépine Bérenger Chevallier Delacroix-Morin Évrard Fontenay Garçon Hébert Jaubert Lefèvre Maréchal Noël Pâris Quéméneur Rivière Sévigné Thévenet Vaugeois"),
        (("Paris", "", "France"), ("Lyon", "", "France"), ("Nantes", "", "France"), ("Bruxelles", "", "Belgium"), ("Montréal", "Québec", "Canada"), ("Genève", "", "Switzerland")),
    ),
    Language(
        8,
        _names("Adrián Ana Begoña Belén César Inés Íñigo Iván Joaquín Lucía Martín Mónica Núria Óscar Paloma Raúl Rocío Sofía Tomás Úrsula Verónica Ximena"),
        _names("Álvarez_Peña Bolaños Cárdenas Domínguez Echeverría Fuentes_Ibáñez Gálvez Hinojosa Ibarra Jiménez_Oller Lasarte Muñiz Núñez Ordóñez Quiñones Ruiz Sáenz Treviño Ulloa Vázquez Zúñiga"),
        (("Madrid", "", "Spain"), ("València", "", "Spain"), ("Ciudad de México", "", "Mexico"), ("Bogotá", "", "Colombia"), ("Montevideo", "", "Uruguay")),
    ),
    Language(
        6,
        _names("Afonso Bárbara Beatriz Caetana Conceição Duarte Flávia Gonçalo Inês João Leonor Luís Mafalda Rúben Simão Tânia Vicente"),
        _names("Abrantes Brandão Conceição Damasceno Estêvão Falcão Guimarães Leitão Magalhães Noronha Quintão Simões Távora Vilaça"),
        (("Lisboa", "", "Portugal"), ("Porto", "", "Portugal"), ("São Paulo", "", "Brazil"), ("Recife", "Pernambuco", "Brazil")),
    ),
    Language(
        7,
        _names("Åsa Astrid Axel Birgitta Eirik Elin Gunnar Håkon Ingrid Jonas Kåre Linnéa Maja Nils Oddný Pelle Rasmus Sigrún Siri Søren Tuva Ylva Þóra"),
        _names("Ångström Bjørnstad Dahlgren Eklöf Fjeldstad Grønning Hallström Jónsdóttir Kjærgaard Lindqvist Møller Nordström Østergaard Rødland Sjöberg Þorsteinsson Wærn"),
        (("Stockholm", "", "Sweden"), ("Göteborg", "", "Sweden"), ("København", "", "Denmark"), ("Oslo", "", "Norway"), ("Reykjavík", "", "Iceland")),
    ),
    Language(
        7,
        _names("Agnieszka Bartłomiej Bożena Čeněk Dušan Elżbieta Jiří Józef Kateřina Łucja Małgorzata Miloš Ondřej Přemysl Šárka Šimon Tomáš Václav Věra Wojciech Zuzana Žofie"),
        _names("Błaszczak Čapek-Novotný Dvořáková Gawęda Hájek Jabłońska Kaźmierczak Kříž Łącka Majtényi Nováčková Ołów Prażmowski Růžička Świątek Škvorecký Wróbel Żeleńska"),
        (("Kraków", "", "Poland"), ("Łódź", "", "Poland"), ("Praha", "", "Czechia"), ("Brno", "", "Czechia"), ("Bratislava", "", "Slovakia")),
    ),
    Language(
        4,
        _names("Ágnes Ákos Bálint Csilla Dóra Etelka Gergő Győző Kinga László Márta Örs Piroska Réka Szilárd Tünde Zsófia"),
        _names("Ágoston Bárány Csővári Erdős-Kis Földváry Gyöngyösi Hűvös Kőműves Ördögh Szabó-Tóth Tűzkő Vörös"),
        (("Budapest", "", "Hungary"), ("Pécs", "", "Hungary")),
        family_first=True,
    ),
    Language(
        4,
        _names("Ayşe Barış Çağla Defne Ege Gökçe Güneş İbrahim Kıvanç Ömer Özge Şebnem Tuğba Ufuk Yağız Zeynep"),
        _names("Akgündüz Bozdağ Çınar Demirağ Eroğlu Gümüş Işıklı Karabıyık Özyürek Şahinoğlu Taşçı Ünlü Yıldırımer"),
        (("İstanbul", "", "Türkiye"), ("İzmir", "", "Türkiye")),
    ),
    Language(
        4,
        _names("Anh_Thư Bảo_Châu Đức Hải_Yến Hoàng Kim_Ngân Minh_Khôi Ngọc Phương_Linh Quốc_Huy Thảo Tuấn Xuân_Mai"),
        _names("Bùi Đặng Đỗ Hoàng Huỳnh Lê Lý Ngô Phạm Phan Trần Võ"),
        (("Hà Nội", "", "Vietnam"), ("Đà Nẵng", "", "Vietnam")),
        family_first=True,
    ),
    Language(
        5,
        _names("Abena Adaeze Ayodele Chidi Efua Folasade Kwame Makena Njeri Oluwaseun Otieno Sefako Tendai Thandiwe Wanjiru Zanele"),
        _names("Achieng Adébáyọ̀ Boateng Chukwuemeka Dlamini Kamau Mbatha Mensah Ńkẹ́m Nkosi Okonkwo-Bright Owusu Sithole Wambui"),
        (("Accra", "", "Ghana"), ("Lagos", "", "Nigeria"), ("Nairobi", "", "Kenya"), ("Cape Town", "", "South Africa")),
    ),
    Language(
        4,
        _names("Алина|Alina Богдан|Bohdan Вера|Vera Григорий|Grigory Дарья|Darya Елена|Elena Захар|Zakhar Ирина|Irina Кирилл|Kirill Лесь|Les Марьяна|Maryana Олег|Oleg Полина|Polina Руслан|Ruslan Світлана|Svitlana Юлия|Yulia"),
        _names("Березняк|Bereznyak Вершинина|Vershinina Гайовий|Haiovyi Журавль|Zhuravl Калинова|Kalinova Лозинский|Lozinsky Миронюк|Myroniuk Осипенко|Osypenko Рябинина|Ryabinina Соловейко|Soloveiko Тихомирова|Tikhomirova Щукина|Shchukina"),
        (("Київ", "", "Ukraine"), ("Львів", "", "Ukraine"), ("Рига", "", "Latvia"), ("Алматы", "", "Kazakhstan"), ("София", "", "Bulgaria")),
    ),
    Language(
        2,
        _names("Αγγελική|Angeliki Γιώργος|Giorgos Δήμητρα|Dimitra Ελένη|Eleni Θανάσης|Thanasis Ιωάννα|Ioanna Μυρτώ|Myrto Νίκος|Nikos Φωτεινή|Foteini"),
        _names("Αλεξίου|Alexiou Βασιλάκη|Vasilaki Δασκαλάκης|Daskalakis Καραγιάννη|Karagianni Μαυρίδης|Mavridis Ξένου|Xenou Παπαδόπουλος|Papadopoulos"),
        (("Αθήνα", "", "Greece"), ("Θεσσαλονίκη", "", "Greece")),
    ),
    Language(
        4,
        _names("أمل|Amal بسمة|Basma خالد|Khaled رنا|Rana زياد|Ziad سلمى|Salma طارق|Tareq عمر|Omar فاطمة|Fatima كريم|Karim ليلى|Layla نور|Nour هدى|Huda ياسمين|Yasmin"),
        _names("البستاني|Bustani التميمي|Tamimi الحداد|Haddad الخطيب|Khatib الزين|Zein الصباغ|Sabbagh العطار|Attar الفارس|Fares القاضي|Qadi المصري|Masri النجار|Najjar"),
        (("القاهرة", "", "Egypt"), ("عمّان", "", "Jordan"), ("بيروت", "", "Lebanon"), ("Dubai", "", "United Arab Emirates")),
    ),
    Language(
        2,
        _names("אורי|Uri דנה|Dana טליה|Talia יונתן|Yonatan מיכל|Michal נועה|Noa עדי|Adi שירה|Shira"),
        _names("אלון|Alon ברק|Barak דגן|Dagan כרמלי|Carmeli לביא|Lavi נבון|Navon שקד|Shaked תמיר|Tamir"),
        (("תל אביב", "", "Israel"), ("חיפה", "", "Israel")),
    ),
    Language(
        3,
        _names("आदित्य|Aditya अनन्या|Ananya ईशान|Ishan काव्या|Kavya गौरी|Gauri नीरज|Neeraj पूजा|Pooja मीरा|Meera रोहन|Rohan श्रुति|Shruti"),
        _names("कुलकर्णी|Kulkarni गुप्ता|Gupta चतुर्वेदी|Chaturvedi जोशी|Joshi त्रिपाठी|Tripathi देशपांडे|Deshpande भट्ट|Bhatt मिश्रा|Mishra"),
        (("Mumbai", "Maharashtra", "India"), ("Pune", "Maharashtra", "India"), ("दिल्ली", "", "India")),
    ),
    Language(
        4,
        _names("嘉怡|Jiayi 思远|Siyuan 晓雯|Xiaowen 明轩|Mingxuan 雨桐|Yutong 子涵|Zihan 静|Jing 志强|Zhiqiang 美玲|Meiling 海峰|Haifeng"),
        _names("欧阳|Ouyang 梁|Liang 沈|Shen 苏|Su 谢|Xie 郑|Zheng 陆|Lu 韩|Han 唐|Tang 曾|Zeng 叶|Ye 温|Wen"),
        (("上海", "", "China"), ("台北", "", "Taiwan"), ("香港", "", "Hong Kong"), ("Singapore", "", "Singapore")),
        family_first=True,
        space="",
    ),
    Language(
        4,
        _names("葵|Aoi 陽翔|Haruto 美咲|Misaki 蓮|Ren さくら|Sakura 悠真|Yuma 千尋|Chihiro 大輔|Daisuke 真理子|Mariko 直樹|Naoki"),
        _names("青山|Aoyama 小川|Ogawa 桐谷|Kiritani 佐久間|Sakuma 白石|Shiraishi 高瀬|Takase 中島|Nakajima 藤井|Fujii 水野|Mizuno 渡部|Watanabe"),
        (("東京", "", "Japan"), ("京都", "", "Japan"), ("福岡", "", "Japan")),
        family_first=True,
        space=" ",
    ),
    Language(
        3,
        _names("민준|Minjun 서연|Seoyeon 지우|Jiwoo 하은|Haeun 도윤|Doyun 수빈|Subin 예진|Yejin 태현|Taehyun"),
        _names("강|Kang 권|Kwon 노|Noh 문|Moon 배|Bae 송|Song 안|Ahn 윤|Yoon 한|Han"),
        (("서울", "", "South Korea"), ("부산", "", "South Korea")),
        family_first=True,
        space="",
    ),
    Language(
        1,
        _names("กมลชนก|Kamonchanok ณัฐพล|Natthaphon ปิยะดา|Piyada ธนากร|Thanakorn อรุณี|Arunee"),
        _names("จันทร์เพ็ญ|Chanphen ทองประเสริฐ|Thongprasert ศรีสุวรรณ|Srisuwan วงศ์ไพบูลย์|Wongphaibun"),
        (("กรุงเทพฯ", "", "Thailand"), ("เชียงใหม่", "", "Thailand")),
    ),
    Language(
        1,
        _names("ანა|Ana გიორგი|Giorgi ნინო|Nino თამარი|Tamari Անահիտ|Anahit Դավիթ|Davit"),
        _names("ბერიძე|Beridze კაპანაძე|Kapanadze მელაძე|Meladze Հովսեփյան|Hovsepyan Սարգսյան|Sargsyan"),
        (("თბილისი", "", "Georgia"), ("Yerevan", "", "Armenia")),
    ),
)  # fmt: skip

# People who go by one name.
ONE_WORD = _names(
    "Wulandari Setiawan Kartika Nirmala Purnama Thiri Zeya Tenzin Pema Sonam Selvam"
    " Kavitha Aisyah Bayu Citra Oya Ravindra Úna Ísold Kestrel Moth Yuki 雪 ნინუცა"
)
# People with more name than a column of a list has room for.
LONG = (
    "María de los Ángeles Echeverría y Fernández de la Vega Montenegro",
    "Dom Sebastião Henrique de Albuquerque e Vasconcelos Pinto Coelho da Cunha",
    "Marie-Françoise Élisabeth Dubois-Lacroix de La Rochebrune-Saint-Évremond",
    "Andriamihaja Rakotondrainibe Ramanantsoa Razafindrakoto",
    "Prinzessin Wilhelmine Auguste zu Hohenfels-Wartenberg-Löwenstein-Obersulz",
    "Kamonchanok Thongprasertwattanakul na Ayutthaya",
    "Thiruvenkatanathapuram Subramaniam Venkataraghavan Ranganathan",
    "Abdulrahman ibn Yusuf ibn Khalid al-Mansouri al-Hashimi al-Baghdadi",
)
