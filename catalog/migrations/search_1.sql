-- How a name becomes what search compares.
--
-- The tables are spelled out, so that no update of PostgreSQL or Python changes them under the keys
-- that are stored. A change to them needs new functions and new columns, in a new migration. The
-- functions call no function of their own kind, because a restore runs them without a search path.

-- The words of a name: in small letters, without accents, one space between words. A hyphen stands
-- between words that the name writes without a space: "M*A*S*H: Home" gives "m-a-s-h home".
CREATE FUNCTION catalog_search_words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    -- Accents, vowel points and other marks that people leave out, and what cannot be seen.
    marks CONSTANT text := '\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7'
        || '\u0610-\u061A\u061C\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8'
        || '\u06EA-\u06ED\u0711\u0730-\u074A\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0CBC\u115F\u1160'
        || '\u180B-\u180E\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20F0\u00AD\u200B-\u200F\u202A-\u202E'
        || '\u2060-\u206F\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\U000E0001-\U000E01EF';
    apostrophes CONSTANT text := '''`´‘’‛′‵ʹʻʼʽʾʿˈ՚׳״Ꞌꞌ';
    -- Punctuation and signs beyond ASCII.
    separators CONSTANT text := '\u00A1-\u00A5\u00A7-\u00AE\u00B1-\u00BF\u00F7\u02C2-\u02C5\u02D2-\u02EB\u02ED'
        || '\u02EF-\u02FF\u0375\u03F6\u055A-\u055F\u0589-\u058A\u058F-\u05C6\u05F3-\u05F4'
        || '\u0606-\u060D\u061B-\u061F\u066A-\u066D\u06D4\u0700-\u070D\u07F7-\u07F9\u07FE-\u07FF'
        || '\u0830-\u083E\u085E\u0888\u0964-\u0965\u0970\u09F2-\u09F3\u09FB\u09FD\u0A76'
        || '\u0AF0-\u0AF1\u0BF9\u0C77\u0C84\u0DF4\u0E3F\u0E4F\u0E5A-\u0E5B\u0F04-\u0F12\u0F14'
        || '\u0F3A-\u0F3D\u0F85\u0FD0-\u0FD4\u0FD9-\u0FDA\u104A-\u104F\u10FB\u1360-\u1368\u1400'
        || '\u166E\u169B-\u169C\u16EB-\u16ED\u1735-\u1736\u17D4-\u17D6\u17D8-\u17DB\u1800-\u180A'
        || '\u1944-\u1945\u1A1E-\u1A1F\u1AA0-\u1AA6\u1AA8-\u1AAD\u1B5A-\u1B60\u1B7D-\u1B7E'
        || '\u1BFC-\u1BFF\u1C3B-\u1C3F\u1C7E-\u1C7F\u1CC0-\u1CC7\u1CD3\u2010-\u2027\u2030-\u20C0'
        || '\u2117-\u2118\u2120\u2141-\u2144\u214B\u2190-\u2194\u21A0\u21A3\u21A6\u21D2\u21D4'
        || '\u21F4-\u22FF\u2308-\u230B\u2320-\u2321\u237C\u239B-\u23B3\u23DC-\u23E1\u25B7\u25C1'
        || '\u25F8-\u25FF\u266F\u2768-\u2775\u27C0-\u27FF\u2900-\u2AFF\u2B30-\u2B44\u2B47-\u2B4C'
        || '\u2CF9-\u2CFC\u2CFE-\u2CFF\u2D70\u2E00-\u2E2E\u2E30-\u2E4F\u2E52-\u2E5D\u3001-\u3003'
        || '\u3008-\u3011\u3014-\u301F\u3030\u303D\u30A0\u30FB\uA4FE-\uA4FF\uA60D-\uA60F\uA673'
        || '\uA67E\uA6F2-\uA716\uA720-\uA721\uA789-\uA78A\uA838\uA874-\uA877\uA8CE-\uA8CF'
        || '\uA8F8-\uA8FA\uA8FC\uA92E-\uA92F\uA95F\uA9C1-\uA9CD\uA9DE-\uA9DF\uAA5C-\uAA5F'
        || '\uAADE-\uAADF\uAAF0-\uAAF1\uAB5B\uAB6A-\uAB6B\uABEB\uFBB2-\uFD3F\uFE45-\uFE46'
        || '\U00010100-\U00010102\U0001039F\U000103D0\U0001056F\U00010857\U0001091F\U0001093F'
        || '\U00010A50-\U00010A58\U00010A7F\U00010AF0-\U00010AF6\U00010B39-\U00010B3F'
        || '\U00010B99-\U00010B9C\U00010EAD\U00010F55-\U00010F59\U00010F86-\U00010F89'
        || '\U00011047-\U0001104D\U000110BB-\U000110BC\U000110BE-\U000110C1\U00011140-\U00011143'
        || '\U00011174-\U00011175\U000111C5-\U000111C8\U000111CD\U000111DB\U000111DD-\U000111DF'
        || '\U00011238-\U0001123D\U000112A9\U0001144B-\U0001144F\U0001145A-\U0001145D\U000114C6'
        || '\U000115C1-\U000115D7\U00011641-\U00011643\U00011660-\U0001166C\U000116B9'
        || '\U0001173C-\U0001173E\U0001183B\U00011944-\U00011946\U000119E2\U00011A3F-\U00011A46'
        || '\U00011A9A-\U00011A9C\U00011A9E-\U00011AA2\U00011C41-\U00011C45\U00011C70-\U00011C71'
        || '\U00011EF7-\U00011EF8\U00011FDD-\U00011FE0\U00011FFF\U00012470-\U00012474'
        || '\U00012FF1-\U00012FF2\U00016A6E-\U00016A6F\U00016AF5\U00016B37-\U00016B3B\U00016B44'
        || '\U00016E97-\U00016E9A\U00016FE2\U0001BC9F\U0001DA87-\U0001DA8B\U0001E2FF'
        || '\U0001E95E-\U0001E95F\U0001ECB0\U0001EEF0-\U0001EEF1\U0001F3FB-\U0001F3FF';
    -- Emoji and other pictures. Each is spelled as a word, from zq (as no word begins) and its code.
    pictures CONSTANT text := '\u00A6\u00B0\u0482\u058D-\u058E\u060E-\u060F\u06DE\u06E9\u06FD-\u06FE\u07F6\u09FA'
        || '\u0B70\u0BF3-\u0BF8\u0BFA\u0C7F\u0D4F\u0D79\u0F01-\u0F03\u0F13\u0F15-\u0F17'
        || '\u0F1A-\u0F1F\u0F34\u0F36\u0F38\u0FBE-\u0FC5\u0FC7-\u0FCF\u0FD5-\u0FD8\u109E-\u109F'
        || '\u1390-\u1399\u166D\u1940\u19DE-\u19FF\u1B61-\u1B6A\u1B74-\u1B7C\u2104-\u2114'
        || '\u211E-\u212E\u213A\u214A\u214C-\u214D\u214F\u218A-\u218B\u2195-\u219F\u21A1-\u21A2'
        || '\u21A4-\u21A5\u21A7-\u21D1\u21D3\u21D5-\u21F3\u2300-\u2307\u230C-\u231F\u2322-\u237B'
        || '\u237D-\u239A\u23B4-\u23DB\u23E2-\u244A\u2500-\u25B6\u25B8-\u25C0\u25C2-\u25F7'
        || '\u2600-\u266E\u2670-\u2767\u2794-\u27BF\u2800-\u28FF\u2B00-\u2B2F\u2B45-\u2B46'
        || '\u2B4D-\u2BFF\u2CE5-\u2CEA\u2E50-\u2E51\u2E80-\u2FFB\u3004\u3012-\u3013\u3020\u3037'
        || '\u303E-\u303F\u3190-\u3191\u31C0-\u31E3\u327F\u4DC0-\u4DFF\uA490-\uA4C6\uA828-\uA82B'
        || '\uA836-\uA837\uA839\uAA77-\uAA79\uFD40-\uFDFF\uFFFC-\uFFFD\U00010137-\U0001013F'
        || '\U00010179-\U00010189\U0001018C-\U000101FC\U00010877-\U00010878\U00010AC8\U0001173F'
        || '\U00011FD5-\U00011FDC\U00011FE1-\U00011FF1\U00016B3C-\U00016B3F\U00016B45\U0001BC9C'
        || '\U0001CF50-\U0001D15D\U0001D16A-\U0001D16C\U0001D183-\U0001D184\U0001D18C-\U0001D1A9'
        || '\U0001D1AE-\U0001D241\U0001D245\U0001D300-\U0001D356\U0001D800-\U0001D9FF'
        || '\U0001DA37-\U0001DA3A\U0001DA6D-\U0001DA74\U0001DA76-\U0001DA83\U0001DA85-\U0001DA86'
        || '\U0001E14F\U0001ECAC\U0001ED2E\U0001F000-\U0001F0F5\U0001F10D-\U0001F3FA'
        || '\U0001F400-\U0001FBCA';
    -- Capital letters, letters that Unicode does not decompose, and the digits of other scripts.
    letters CONSTANT text := 'ØĐĦŁŦƁƂƄƇƊƋƑƓƔƖƗƘƜƝƤƦƧƩƬƮƱƲƳƵƷƸƼǤǷȜȠȤȺȻȽȾɁɃɅɆɈɊɌɎͅͰͲͶͿΑΒΓΔΕΖ'
            || 'ΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНО'
            || 'ПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾ'
            || 'ӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅ'
            || 'ՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᏸᏹᏺ'
            || 'ᏻᏼᏽᲀᲁᲂᲃᲄᲅᲆᲇᲈᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿỺỼ'
            || 'ỾℲↃⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯⱠⱢⱣⱤⱧⱩⱫⱭⱮ'
            || 'ⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀ'
            || 'ꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚꜢꜤꜦꜪꜬꜮꜾꝀꝂꝄꝆꝈꝊꝌꝐꝒꝔꝖꝘꝚꝜꝞꝢꝤ'
            || 'ꝦꝨꝮꝹꝻꝽꝾꞀꞂꞄꞆꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟐꟖꟘꟵꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹ'
            || 'ꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵ'
            || 'ꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹'
            || '𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒𐖔'
            || '𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧'
            || '𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𞤀𞤁𞤂𞤃'
            || '𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡øđħıłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȡȥȴȵȶȷȼȿɀɇ'
            || 'ɉɋɍɏɓɕɖɗɟɠɦɨɫɬɭɱɲɳɼɽɾʂʄʈʋʐʑʝʠᵬᵭᵮᵯᵰᵱᵲᵳᵴᵵᵶᵽᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶖᶙ'
            || 'ỿⱡⱥⱦⱨⱪⱬⱱⱳⱴⱸⱺꝁꝃꝅꝉꝋꝍꝑꝓꝕꝗꝙꝟꞎꞑꞓꞔꞕꞗꞙꞡꞣꞥꞧꞩꞹꟈꟊꬴꬷꬸꬹꬺꬻꭉꭎꭒꭖꭗꭘꭙꭚ𝼉𝼑𝼓𝼖𝼚𝼛𝼝'
            || '𝼞ƏəǝƎƐɛƆɔƉÐðĸɵƟɄʉ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹߀߁߂߃߄߅߆߇߈߉०१२३४५६७८९০১২'
            || '৩৪৫৬৭৮৯੦੧੨੩੪੫੬੭੮੯૦૧૨૩૪૫૬૭૮૯୦୧୨୩୪୫୬୭୮୯௦௧௨௩௪௫௬௭௮௯౦౧౨౩౪౫౬౭౮౯೦೧೨'
            || '೩೪೫೬೭೮೯൦൧൨൩൪൫൬൭൮൯෦෧෨෩෪෫෬෭෮෯๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙༠༡༢༣༤༥༦༧༨༩၀၁၂'
            || '၃၄၅၆၇၈၉႐႑႒႓႔႕႖႗႘႙០១២៣៤៥៦៧៨៩᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙᥆᥇᥈᥉᥊᥋᥌᥍᥎᥏᧐᧑᧒᧓᧔᧕᧖᧗᧘᧙᪀᪁᪂'
            || '᪃᪄᪅᪆᪇᪈᪉᪐᪑᪒᪓᪔᪕᪖᪗᪘᪙᭐᭑᭒᭓᭔᭕᭖᭗᭘᭙᮰᮱᮲᮳᮴᮵᮶᮷᮸᮹᱀᱁᱂᱃᱄᱅᱆᱇᱈᱉᱐᱑᱒᱓᱔᱕᱖᱗᱘᱙꘠꘡꘢'
            || '꘣꘤꘥꘦꘧꘨꘩꣐꣑꣒꣓꣔꣕꣖꣗꣘꣙꤀꤁꤂꤃꤄꤅꤆꤇꤈꤉꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙꧰꧱꧲꧳꧴꧵꧶꧷꧸꧹꩐꩑꩒꩓꩔꩕꩖꩗꩘꩙꯰꯱꯲'
            || '꯳꯴꯵꯶꯷꯸꯹𐒠𐒡𐒢𐒣𐒤𐒥𐒦𐒧𐒨𐒩𐴰𐴱𐴲𐴳𐴴𐴵𐴶𐴷𐴸𐴹𑁦𑁧𑁨𑁩𑁪𑁫𑁬𑁭𑁮𑁯𑃰𑃱𑃲𑃳𑃴𑃵𑃶𑃷𑃸𑃹𑄶𑄷𑄸𑄹𑄺𑄻𑄼𑄽𑄾𑄿𑇐𑇑𑇒'
            || '𑇓𑇔𑇕𑇖𑇗𑇘𑇙𑋰𑋱𑋲𑋳𑋴𑋵𑋶𑋷𑋸𑋹𑑐𑑑𑑒𑑓𑑔𑑕𑑖𑑗𑑘𑑙𑓐𑓑𑓒𑓓𑓔𑓕𑓖𑓗𑓘𑓙𑙐𑙑𑙒𑙓𑙔𑙕𑙖𑙗𑙘𑙙𑛀𑛁𑛂𑛃𑛄𑛅𑛆𑛇𑛈𑛉𑜰𑜱𑜲'
            || '𑜳𑜴𑜵𑜶𑜷𑜸𑜹𑣠𑣡𑣢𑣣𑣤𑣥𑣦𑣧𑣨𑣩𑥐𑥑𑥒𑥓𑥔𑥕𑥖𑥗𑥘𑥙𑱐𑱑𑱒𑱓𑱔𑱕𑱖𑱗𑱘𑱙𑵐𑵑𑵒𑵓𑵔𑵕𑵖𑵗𑵘𑵙𑶠𑶡𑶢𑶣𑶤𑶥𑶦𑶧𑶨𑶩𖩠𖩡𖩢'
            || '𖩣𖩤𖩥𖩦𖩧𖩨𖩩𖫀𖫁𖫂𖫃𖫄𖫅𖫆𖫇𖫈𖫉𖭐𖭑𖭒𖭓𖭔𖭕𖭖𖭗𖭘𖭙𞅀𞅁𞅂𞅃𞅄𞅅𞅆𞅇𞅈𞅉𞋰𞋱𞋲𞋳𞋴𞋵𞋶𞋷𞋸𞋹𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙ґىی'
            || 'کةٱ×';
    plain_letters CONSTANT text := 'odhltbbƅcddfgɣɩikɯnpʀƨʃttʊvyzʒƹƽgƿȝnzacltɂbʌejqryιͱͳͷϳαβγδεζ'
            || 'ηθικλμνξοπρστυφχψωσϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽђєѕіјљњћџабвгдежзиклмно'
            || 'прстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏгғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿ'
            || 'ӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյ'
            || 'նշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭᏰᏱᏲ'
            || 'ᏳᏴᏵвдосттъѣꙋაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿỻỽ'
            || 'yⅎↄⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟllprhkzɑm'
            || 'ɐɒwⱶszⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁ'
            || 'ꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛꜣꜥꜧꜫꜭꜯꜿkkkꝇloopppqqꝛꝝvꝣꝥ'
            || 'ꝧꝩꝯꝺꝼᵹꝿꞁꞃꞅꞇɥncbfꞛꞝꞟgknrshɜɡlɪʞʇjꭓꞵꞷuꞻꞽꞿꟁꟃcszdsꟑꟗꟙꟶᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩ'
            || 'ᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥ'
            || 'ᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡'
            || '𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹𐖻'
            || '𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇'
            || '𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𞤢𞤣𞤤𞤥'
            || '𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃odhiltbbcdfklnpttyzgdzlntjcsze'
            || 'jqrybcddjghilllmnnrrrsjtvzzjqbdfmnprrstzpbdfgklmnprsvxzadeiu'
            || 'ylathkzvwveokkkloopppqqvlncchbfgknrsudselllmnruuxxxxytllrioc'
            || 'seeeeeeoodddkoouu0123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789012'
            || '345678901234567890123456789012345678901234567890123456789гيي'
            || 'كهاx';
    folded text;
    words text;
BEGIN
    IF name COLLATE "C" ~ '^[ -~]*$' THEN
        folded := lower(name COLLATE "C");
    ELSE
        -- A fraction is a word: "8½" gives "8 1-2". A lone acute accent is an apostrophe.
        folded := replace(name, '´', '''');
        folded := regexp_replace(
            folded COLLATE "C", '([\u00BC-\u00BE\u2150-\u215F\u2189])', ' \1', 'g');
        folded := normalize(folded, NFKD);
        folded := regexp_replace(folded COLLATE "C", '[' || marks || ']+', '', 'g');
        folded := translate(lower(folded COLLATE "C"), letters, plain_letters);
        IF folded COLLATE "C" ~ '[ÆæƕƢƣȢȣᵫᵺꜨꜩꜲꜳꜴꜵꜶꜷꜸꜹꜺꜻꜼꜽꝎꝏꝠꝡꝪꝫꝬꝭꝸꭐꭣÞþßẞŒœŊŋǶ]' THEN
            folded := regexp_replace(folded COLLATE "C", '[Ææ]', 'ae', 'g');
            folded := regexp_replace(folded COLLATE "C", '[ƕǶ]', 'hv', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ƣƣ]', 'oi', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ȣȣ]', 'ou', 'g');
            folded := replace(folded, 'ᵫ', 'ue');
            folded := regexp_replace(folded COLLATE "C", '[ᵺÞþ]', 'th', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꜩꜩ]', 'tz', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꜳꜳ]', 'aa', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꜵꜵ]', 'ao', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꜷꜷ]', 'au', 'g');
            folded := regexp_replace(folded COLLATE "C", '[ꜸꜹꜺꜻ]', 'av', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꜽꜽ]', 'ay', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꝏꝏ]', 'oo', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꝡꝡ]', 'vy', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꝫꝫ]', 'et', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ꝭꝭ]', 'is', 'g');
            folded := replace(folded, 'ꝸ', 'um');
            folded := replace(folded, 'ꭐ', 'ui');
            folded := replace(folded, 'ꭣ', 'uo');
            folded := regexp_replace(folded COLLATE "C", '[ßẞ]', 'ss', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Œœ]', 'oe', 'g');
            folded := regexp_replace(folded COLLATE "C", '[Ŋŋ]', 'ng', 'g');
        END IF;
        folded := normalize(folded, NFC);
        IF folded COLLATE "C" ~ ('[' || pictures || ']') THEN
            SELECT string_agg(
                CASE WHEN letter COLLATE "C" ~ ('[' || pictures || ']')
                THEN '-zq' || to_hex(ascii(letter)) || '-' ELSE letter END, '' ORDER BY place)
            INTO folded
            FROM regexp_split_to_table(folded, '') WITH ORDINALITY AS split (letter, place);
        END IF;
        -- Each Chinese character is a word, because nothing else says where a word begins.
        folded := regexp_replace(
            folded COLLATE "C", '([\u3400-\u4DBF\u4E00-\u9FFF\U00020000-\U0003FFFF])', '-\1-', 'g');
    END IF;
    words := regexp_replace(folded COLLATE "C", '(^|\s)&(?=\s)', '\1and', 'g');
    words := regexp_replace(words COLLATE "C", '[' || apostrophes || ']+', '', 'g');
    words := regexp_replace(
        words COLLATE "C", '[\u0001-\u0020\u007F-\u009F\u1680\u2028\u2029]+', ' ', 'g');
    words := regexp_replace(words COLLATE "C", '[!-/:-@\[-`{-~' || separators || ']+', '-', 'g');
    words := btrim(regexp_replace(words COLLATE "C", '-* [ -]*', ' ', 'g'), ' -');
    IF words = '' THEN  -- a name of signs alone, such as "???": each sign becomes a word
        SELECT string_agg('zq' || to_hex(ascii(letter)), '-' ORDER BY place)
        INTO words
        FROM regexp_split_to_table(folded, '') WITH ORDINALITY AS split (letter, place)
        WHERE letter <> ''
            AND letter COLLATE "C" !~ '[\u0001-\u0020\u007F-\u009F\u1680\u2028\u2029]';
    END IF;
    RETURN coalesce(words, '');
END
$function$;

-- The stored key, from the words. For "the wonder-dog" it is
-- " the wonder dog  wonderdog  =thewonderdog": every word between spaces, then what the name writes
-- without a space, then the whole name as one word.
CREATE FUNCTION catalog_search_key(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
    SELECT ' ' || replace(words, '-', ' ') || ' '
        || coalesce(
            (SELECT string_agg(' ' || replace(run, '-', '') || ' ', '' ORDER BY place)
             FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS split (run, place)
             WHERE run LIKE '%-%'), '')
        || ' =' || replace(replace(words, '-', ''), ' ', '')
$function$;

-- Each word of a key, and each word with one letter left out, as numbers. Two words that differ by
-- one letter (another, one more, one less, two swapped) have a number in common.
CREATE FUNCTION catalog_search_slips(key text) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
    SELECT coalesce(array_agg(DISTINCT hashtext(
        CASE WHEN place = 0 THEN word ELSE left(word, place - 1) || substr(word, place + 1) END
    )), '{}')
    FROM (
        SELECT DISTINCT left(word, 40) AS word
        FROM regexp_split_to_table(key, '[ =]+') WITH ORDINALITY AS split (word, nth)
        WHERE length(word) >= 3
            -- Of the whole name as one word only a short one: a long one would fill the index.
            AND (length(word) <= 12 OR position(' ' || word || ' ' IN key) > 0)
    ) AS words, generate_series(0, length(word)) AS place
$function$;
